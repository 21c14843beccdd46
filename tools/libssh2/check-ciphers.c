/* Run by tools/setup when libssh2 is built: the patched ciphers against the portable code of libssh2, and against OpenSSL
   used the plain way. Every packet size up to 600 bytes and some large ones, in a row, as a session sends them. A packet
   with one wrong bit, in its text or in its tag, must be refused. Exit status 0: all is well. */
#include "libssh2_priv.h"
#include "cipher-chachapoly.h"

#include <stdio.h>

enum { largest = 35000, taglen = 16, header = 4 };

static unsigned char packet[largest + 64], copy[largest + 64], expected[largest + 64];

static int failed(const char *what, unsigned int len, unsigned int seq)
{
    fprintf(stderr, "%s: packet %u, %u bytes\n", what, seq, len);
    return 1;
}

static void fill(unsigned char *to, unsigned int len, unsigned int seed)
{
    unsigned int i;
    for(i = 0; i < len; i++) {
        seed = seed * 1103515245u + 12345u;
        to[i] = (unsigned char)(seed >> 16);
    }
}

static unsigned int size_of(unsigned int seq)
{
    static const unsigned int large[] = { 1024, 4093, 16384, 32768, largest - header };
    return seq <= 600 ? seq : large[seq % 5];
}

/* The packet as OpenSSH's PROTOCOL.chacha20poly1305 describes it, with the portable primitives. */
static void portable_chachapoly(const unsigned char *key, unsigned int seq, unsigned char *p, unsigned int len)
{
    static const unsigned char one[8] = { 1 };
    struct chacha_ctx text, head;
    unsigned char nonce[8] = { 0 }, polykey[32] = { 0 };
    nonce[4] = (unsigned char)(seq >> 24);
    nonce[5] = (unsigned char)(seq >> 16);
    nonce[6] = (unsigned char)(seq >> 8);
    nonce[7] = (unsigned char)seq;
    chacha_keysetup(&text, key, 256);
    chacha_keysetup(&head, key + 32, 256);
    chacha_ivsetup(&text, nonce, NULL);
    chacha_encrypt_bytes(&text, polykey, polykey, sizeof(polykey));
    chacha_ivsetup(&head, nonce, NULL);
    chacha_encrypt_bytes(&head, p, p, header);
    chacha_ivsetup(&text, nonce, one);
    chacha_encrypt_bytes(&text, p + header, p + header, len);
    poly1305_auth(p + header + len, p, header + len, polykey);
}

static int check_chachapoly(void)
{
    unsigned char key[64];
    struct chachapoly_ctx ctx;
    unsigned int seq, length;
    fill(key, sizeof(key), 7);
    if(chachapoly_init(&ctx, key, sizeof(key)))
        return failed("chacha20-poly1305: no context", 0, 0);
    for(seq = 0; seq < 620; seq++) {
        const unsigned int len = size_of(seq), all = header + len + taglen;
        /* also where the sequence number needs all of its 32 bits */
        const unsigned int number = seq % 2 ? seq : 0xffffffffu - seq;
        fill(packet, header + len, seq);
        memcpy(copy, packet, header + len);
        memcpy(expected, packet, header + len);
        portable_chachapoly(key, number, expected, len);
        if(chachapoly_crypt(&ctx, number, packet, packet, len, header, 1) || memcmp(packet, expected, all))
            return failed("chacha20-poly1305: encrypted otherwise than by the portable code", len, seq);
        if(chachapoly_get_length(&ctx, &length, number, packet, header) || length != _libssh2_ntohu32(copy))
            return failed("chacha20-poly1305: another length", len, seq);
        packet[seq % all] ^= 1;
        if(chachapoly_crypt(&ctx, number, packet, packet, len, header, 0) == 0)
            return failed("chacha20-poly1305: a wrong bit is accepted", len, seq);
        packet[seq % all] ^= 1;
        if(chachapoly_crypt(&ctx, number, packet, packet, len, header, 0) || memcmp(packet, copy, header + len))
            return failed("chacha20-poly1305: decrypted otherwise", len, seq);
    }
    chachapoly_cleanup(&ctx);
    return 0;
}

/* OpenSSL's one-shot use: the IV is given, its last 8 bytes counted up by us (RFC 5647). */
static int plain_gcm(const EVP_CIPHER *cipher, const unsigned char *key, unsigned char *iv, unsigned char *p,
                     unsigned int len)
{
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int n = 0, i, ok;
    ok = ctx && EVP_EncryptInit_ex(ctx, cipher, NULL, key, iv) == 1 &&
         EVP_EncryptUpdate(ctx, NULL, &n, p, header) == 1 &&
         EVP_EncryptUpdate(ctx, p + header, &n, p + header, (int)len) == 1 &&
         EVP_EncryptFinal_ex(ctx, p + header + len, &n) == 1 &&
         EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_GCM_GET_TAG, taglen, p + header + len) == 1;
    EVP_CIPHER_CTX_free(ctx);
    for(i = 11; i >= 4 && ++iv[i] == 0; i--)
        ;
    return ok ? 0 : 1;
}

static int check_gcm(const char *name, _libssh2_cipher_type(algo), const EVP_CIPHER *cipher)
{
    /* the counter runs over a byte early on */
    unsigned char key[32], iv[12], counted[12];
    _libssh2_cipher_ctx out;
    _libssh2_cipher_ctx in;
    unsigned int seq;
    fill(key, sizeof(key), 11);
    fill(iv, sizeof(iv), 13);
    iv[10] = 0xff;
    iv[11] = 0xf0;
    memcpy(counted, iv, sizeof(iv));
    if(_libssh2_cipher_init(&out, algo, iv, key, 1) || _libssh2_cipher_init(&in, algo, iv, key, 0))
        return failed(name, 0, 0);
    for(seq = 1; seq < 620; seq++) {
        const unsigned int len = size_of(seq), all = header + len + taglen;
        fill(packet, header + len, seq);
        memcpy(copy, packet, header + len);
        memcpy(expected, packet, header + len);
        if(plain_gcm(cipher, key, counted, expected, len))
            return failed(name, len, seq);
        if(_libssh2_cipher_gcm_packet(&out, 1, packet, len) || memcmp(packet, expected, all))
            return failed("AES-GCM: encrypted otherwise than by OpenSSL alone", len, seq);
        if(_libssh2_cipher_gcm_packet(&in, 0, packet, len) || memcmp(packet, copy, header + len))
            return failed("AES-GCM: decrypted otherwise", len, seq);
    }
    _libssh2_cipher_dtor(&out);
    _libssh2_cipher_dtor(&in);
    /* a session ends with the first wrong packet, so one of each kind */
    for(seq = 0; seq < 3; seq++) {
        static const unsigned int place[] = { 1, 10, header + 100 + 3 };
        _libssh2_cipher_ctx other;
        unsigned int i;
        unsigned char sum = 0;
        if(_libssh2_cipher_init(&out, algo, iv, key, 1) || _libssh2_cipher_init(&other, algo, iv, key, 0))
            return failed(name, 0, 0);
        fill(packet, header + 100, seq);
        if(_libssh2_cipher_gcm_packet(&out, 1, packet, 100))
            return failed(name, 100, seq);
        packet[place[seq]] ^= 1;
        if(_libssh2_cipher_gcm_packet(&other, 0, packet, 100) == 0)
            return failed("AES-GCM: a wrong bit is accepted", 100, seq);
        for(i = 0; i < 100; i++)
            sum |= packet[header + i];
        if(sum)
            return failed("AES-GCM: text that is not authentic is kept", 100, seq);
        _libssh2_cipher_dtor(&other);
        _libssh2_cipher_dtor(&out);
    }
    return 0;
}

int main(void)
{
    return check_chachapoly() ||
           check_gcm("aes128-gcm", _libssh2_cipher_aes128gcm, EVP_aes_128_gcm()) ||
           check_gcm("aes256-gcm", _libssh2_cipher_aes256gcm, EVP_aes_256_gcm());
}
