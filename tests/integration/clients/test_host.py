"""Facts of one host for pytest-testinfra, over ssh or docker; NAME and ADDRESS say which host it must be."""
import os


def test_passwd_is_roots(host):
    passwd = host.file("/etc/passwd")
    assert passwd.contains("^root:")
    assert (passwd.user, passwd.group, passwd.mode) == ("root", "root", 0o644)


def test_it_is_the_host_that_was_asked_for(host):
    assert host.check_output("hostname") == os.environ["NAME"]
    assert os.environ["ADDRESS"] in host.interface("eth0").addresses
