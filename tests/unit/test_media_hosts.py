"""Where media may be downloaded from: the list is read strictly and compared exactly."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rushes.domain.errors import MediaHostRefusedError, SettingsError
from rushes.store.media_hosts import MediaHosts, is_public

DEFAULT = "fal.media,*.fal.media,storage.googleapis.com"
LISTED = f"{DEFAULT},127.0.0.1:8123,[::1]:9000,10.0.0.5,files.example:8443"


@pytest.fixture
def hosts() -> MediaHosts:
    return MediaHosts.parse(LISTED)


@pytest.mark.parametrize(
    "url",
    [
        "https://fal.media/files/a.mp4",
        "https://v3b.fal.media/files/a.mp4",
        "https://a.b.fal.media/x",
        "HTTPS://FAL.MEDIA/x",
        "https://fal.media:443/x",
        "https://storage.googleapis.com/bucket/x?X-Goog-Signature=abc",
        "http://127.0.0.1:8123/x",
        "https://127.0.0.1:8123/x",
        "http://[::1]:9000/x",
        "http://[0:0:0:0:0:0:0:1]:9000/x",
        "https://10.0.0.5/x",
        "https://files.example:8443/x",
    ],
)
def test_listed_hosts_are_allowed(hosts: MediaHosts, url: str) -> None:
    assert hosts.check(url).path


@pytest.mark.parametrize(
    "url",
    [
        "",
        "fal.media/x",
        "//fal.media/x",
        "https:fal.media/x",
        "https:///x",
        "file:///etc/passwd",
        "file://fal.media/etc/passwd",
        "ftp://fal.media/x",
        "data:video/mp4;base64,AAAA",
        "gopher://fal.media:443/x",
        "http://fal.media/x",
        "http://fal.media:443/x",
        "https://fal.media:8443/x",
        "https://fal.media:80/x",
        "https://fal.media:99999/x",
        "https://evil.example/x",
        "https://evil.example/fal.media",
        "https://evil.example#@fal.media/",
        "https://evil.example?@fal.media/",
        "https://fal.media@evil.example/x",
        "https://user@fal.media/x",
        "https://user:password@fal.media/x",
        "https://:@fal.media/x",
        "https://evil.example\\@fal.media/x",
        "https://fal.media\\.evil.example/x",
        "https://fal.media.evil.example/x",
        "https://evilfal.media/x",
        "https://.fal.media/x",
        "https://fal.media./x",
        "https://fal.media%2eevil.example/x",
        "https://fal.media\t.evil.example/",
        "https://fal.media\n/x",
        "https://f\u0430l.media/x",
        "https://127.0.0.1/x",
        "http://127.0.0.1/x",
        "http://127.0.0.1:8124/x",
        "https://127.1:8123/x",
        "https://2130706433:8123/x",
        "https://0x7f000001:8123/x",
        "https://0177.0.0.1:8123/x",
        "https://localhost:8123/x",
        "http://[::ffff:127.0.0.1]:8123/x",
        "http://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "http://10.0.0.5/x",
        "https://10.0.0.6/x",
        "https://files.example/x",
        "http://files.example:8443/x",
    ],
)
def test_everything_else_is_refused(hosts: MediaHosts, url: str) -> None:
    with pytest.raises(MediaHostRefusedError):
        hosts.check(url)


def test_a_refusal_names_the_host_and_the_list_and_no_secret() -> None:
    with pytest.raises(MediaHostRefusedError) as caught:
        MediaHosts.parse("fal.media").check("https://me:hunter2@evil.example:99/x?signature=abc")
    said = str(caught.value)
    assert "evil.example:99" in said
    assert "hunter2" not in said
    assert "signature" not in said


@pytest.mark.parametrize(
    "text",
    ["*", "*.", "https://fal.media", "fal.media/x", "user@fal.media", "fal media", "fal.media:x",
     "fal.media:", "a..b", "*.127.0.0.1", "fal.*", "?x", "fal.media#x", ":8123", "fal.media:70000"],
)  # fmt: skip
def test_an_entry_that_is_no_host_is_refused_with_its_setting(text: str) -> None:
    with pytest.raises(SettingsError) as caught:
        MediaHosts.parse(f"fal.media,{text}")
    assert caught.value.problem.facts["field"] == "RUSHES_MEDIA_HOSTS"
    assert caught.value.problem.facts["value"] == text


def test_an_empty_list_allows_nothing() -> None:
    with pytest.raises(MediaHostRefusedError):
        MediaHosts.parse(" , ").check("https://fal.media/x")


def test_a_list_is_written_the_way_it_was_read() -> None:
    assert str(MediaHosts.parse(f" {LISTED.upper()} ,")) == LISTED


@pytest.mark.parametrize(
    "text",
    ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
     "100.64.0.1", "100.100.100.200", "0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255",
     "::1", "::", "fe80::1", "fe80::1%1", "fc00::1", "fd00:ec2::254", "fec0::1", "ff02::1",
     "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
     "2002:7f00:1::", "2001::1", "2001:db8::1", "168.63.129.16", "192.0.0.192", "192.88.99.1",
     "::ffff:168.63.129.16", "64:ff9b::c000:c0", "64:ff9b:1::7f00:1", "2002:a9fe:a9fe::1",
     "2001:0:7f00:1::", "3fff::1", "2606:4700::1%1", "::ffff:0:127.0.0.1", "::ffff:0:0",
     "100::1", "198.18.0.1", "192.0.2.1", "198.51.100.1", "203.0.113.1"],
)  # fmt: skip
def test_addresses_of_no_public_network_are_known(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "104.18.0.1", "2606:4700::1", "64:ff9b::808:808", "::ffff:8.8.8.8"]
)
def test_addresses_of_the_open_internet_are_known(text: str) -> None:
    assert is_public(ip_address(text))


PRIVATE_V4 = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32",
    "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15",
    "224.0.0.0/4", "240.0.0.0/4",
]  # fmt: skip
PRIVATE_V6 = ["::/128", "::1/128", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8", "2001::/32",
              "64:ff9b:1::/48", "100::/64", "2001:db8::/32", "3fff::/20"]  # fmt: skip


def addresses_in(networks: list[str]) -> st.SearchStrategy[IPv4Address | IPv6Address]:
    return st.sampled_from([ip_network(one) for one in networks]).flatmap(
        lambda network: st.integers(0, network.num_addresses - 1).map(lambda n: network[n])
    )


@given(addresses_in(PRIVATE_V4))
def test_a_private_address_is_known_in_every_form_that_it_can_be_written_in(inner):
    number = int(inner)
    forms = (
        inner,
        IPv6Address(0xFFFF << 32 | number),
        IPv6Address(int(IPv6Address("64:ff9b::")) | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
        IPv6Address(number),  # the form before "mapped"
        IPv6Address(0xFFFF << 48 | number),  # "translated"
    )
    assert not any(map(is_public, forms))


@given(addresses_in(PRIVATE_V6))
def test_a_private_address_of_ipv6_is_known(address):
    assert not is_public(address)


@given(
    st.one_of(addresses_in(PRIVATE_V4), addresses_in(PRIVATE_V6)),
    st.lists(st.sampled_from(["8.8.8.8", "2606:4700::1"]), max_size=3),
    st.integers(0, 3),
)
def test_one_private_address_among_public_ones_refuses_the_name(private, public, place):
    hosts = MediaHosts.parse("fal.media")
    found = [*public[:place], str(private), *public[place:]]
    with pytest.raises(MediaHostRefusedError):
        hosts.choose_addresses(hosts.check("https://fal.media/x"), found)


def test_a_listed_name_at_a_private_address_is_refused(hosts: MediaHosts) -> None:
    target = hosts.check("https://fal.media/x")
    assert hosts.choose_addresses(target, ["8.8.8.8", "8.8.8.8"]) == ("8.8.8.8",)
    for found in (["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["not an address"]):
        with pytest.raises(MediaHostRefusedError):
            hosts.choose_addresses(target, found)


def test_a_listed_name_at_a_listed_private_address_is_allowed(hosts: MediaHosts) -> None:
    target = hosts.check("https://storage.googleapis.com/x")
    assert hosts.choose_addresses(target, ["10.0.0.5"]) == ("10.0.0.5",)
