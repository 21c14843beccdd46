// The one translation unit that holds asio's compiled part (ASIO_SEPARATE_COMPILATION).
#include <asio/impl/src.hpp>
