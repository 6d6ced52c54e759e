"""The way to the cloud: certificates are verified, nothing goes in the clear; proxies; IPv6."""
import base64
import shutil
import socket
import tempfile
import unittest

import harness
from certificates import Authority
from cloud_case import CloudCase
from proxies import ConnectProxy, Recorder

LOOPBACK = ["DNS:localhost", "IP:127.0.0.1", "IP:::1"]


def has_ipv6():
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
        return True
    except OSError:
        return False


class TlsCase(CloudCase):
    def setUp(self):
        self.folder = harness.Path(tempfile.mkdtemp(prefix="mp-tls-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def tls_cloud(self, authority, names=LOOPBACK, days=30, **options):
        return self.cloud(certificate=authority.issue(names, days), **options)


class Certificates(TlsCase):
    def assert_refused(self, d, c, words):
        """A store is queued, and status says why in words; the cloud has heard nothing."""
        self.put(d, "green tea", "queued")
        self.until_offline(d)
        self.assertIn(words, self.status(d)["cloud"]["last_error"])
        self.assertEqual((0, []), (c.requests(), c.memories()))

    def assert_drains_with(self, d, c, ca):
        self.assertEqual(0, d.stop())
        d.start(MEMORYPRO_CA_FILE=ca)
        self.until_drained(d)
        self.assert_once(c, ["green tea"])
        self.put(d, "black tea", "synced")

    def test_a_generated_certificate_with_its_own_authority_works(self):
        c = self.cloud(tls=True)
        d = self.linked(c)
        self.assertTrue(c.url.startswith("https://"))
        self.put(d, "green tea", "synced")
        self.assertEqual(["green tea"], self.contents(d, "tea"))
        self.assert_once(c, ["green tea"])

    def test_an_unknown_authority_is_refused(self):
        right = Authority(self.folder, "right")
        c = self.tls_cloud(right)
        for name, settings in (("the system's", {}),
                               ("another", {"MEMORYPRO_CA_FILE":
                                            Authority(self.folder, "other").certificate})):
            with self.subTest(name):
                d = self.linked(c, **settings)
                self.assert_refused(d, c, "unknown certificate authority")
        self.assert_drains_with(d, c, right.certificate)

    def test_a_certificate_for_another_name_is_refused(self):
        authority = Authority(self.folder)
        c = self.tls_cloud(authority, ["DNS:cloud.example", "IP:192.0.2.1"])
        for host in ("localhost", "127.0.0.1"):
            with self.subTest(host):
                d = self.linked(c, MEMORYPRO_CA_FILE=authority.certificate,
                                MEMORYPRO_API_URL=f"https://{host}:{c.port}")
                self.assert_refused(d, c, f"not for host {host}")

    def test_an_expired_certificate_is_refused(self):
        authority = Authority(self.folder)
        c = self.tls_cloud(authority, days=0)
        d = self.linked(c, MEMORYPRO_CA_FILE=authority.certificate)
        self.assert_refused(d, c, "expired")
        # The doctor's reader learns it too.
        self.assertIn("expired", self.run_cli(d, "doctor").stdout.lower())
        c.certificate = authority.issue(LOOPBACK)
        c.restart()
        self.flush(d)
        self.assert_once(c, [m["content"] for m in c.memories()])
        self.assertIn("green tea", [m["content"] for m in c.memories()])

    def test_nothing_is_sent_in_the_clear_to_a_server_without_tls(self):
        plain = Recorder()
        self.addCleanup(plain.close)
        d = self.daemon(MEMORYPRO_API_URL=f"https://127.0.0.1:{plain.port}",
                        MEMORYPRO_API_KEY="precious-key", MEMORYPRO_API_SECRET="precious-secret",
                        MEMORYPRO_ENABLE_POLLING="false", MEMORYPRO_TIMEOUT=1)
        self.put(d, "precious content", "queued")
        harness.until(lambda: plain.received, "a greeting came")
        self.assertEqual(0x16, plain.received[0], "a TLS handshake record")
        self.assertNotIn(b"precious", plain.received)
        self.assertEqual("offline", self.status(d)["cloud"]["state"])

        c = self.cloud()  # speaks HTTP where TLS is expected
        other = self.linked(c, MEMORYPRO_API_URL=f"https://127.0.0.1:{c.port}")
        self.put(other, "green tea", "queued")
        self.assertEqual((0, []), (c.requests(), c.memories()))

    def test_an_outage_over_tls_ends_like_any_other(self):
        authority = Authority(self.folder)
        c = self.tls_cloud(authority)
        d = self.linked(c, MEMORYPRO_CA_FILE=authority.certificate)
        self.put(d, "row -1", "synced")
        c.kill()
        self.load(d, [{"content": f"row {n}", "user_id": f"u{n % 5}"} for n in range(200)])
        c.start()
        self.flush(d)
        self.assert_once(c, [f"row {n}" for n in range(-1, 200)])


class Proxies(TlsCase):
    def setUp(self):
        super().setUp()
        self.authority = Authority(self.folder)
        self.c = self.tls_cloud(self.authority, ["DNS:localhost", "DNS:cloud.test.invalid"])

    def proxy(self, **options):
        proxy = ConnectProxy(("127.0.0.1", self.c.port), **options)
        self.addCleanup(proxy.close)
        return proxy

    def proxied(self, proxy, credentials="", **settings):
        defaults = {"MEMORYPRO_API_URL": "https://cloud.test.invalid",
                    "MEMORYPRO_CA_FILE": self.authority.certificate, "HTTPS_PROXY": f"http://{credentials}127.0.0.1:{proxy.port}"}
        return self.linked(self.c, **{**defaults, **settings})

    def test_a_tunnel_leads_to_a_host_that_only_the_proxy_knows(self):
        proxy = self.proxy()
        d = self.proxied(proxy)
        self.put(d, "green tea", "synced")
        self.assert_once(self.c, ["green tea"])
        self.assertEqual({"CONNECT cloud.test.invalid:443 HTTP/1.1"},
                         {line for line, _ in proxy.asked})

    def test_credentials_of_the_proxy_are_sent_to_it_alone(self):
        proxy = self.proxy()
        d = self.proxied(proxy, "me:p%40ss@")
        self.put(d, "green tea", "synced")
        expected = "Basic " + base64.b64encode(b"me:p@ss").decode()
        self.assertEqual({expected},
                         {headers["proxy-authorization"] for _, headers in proxy.asked})
        self.assertNotIn("p@ss", d.log)

    def test_no_proxy_goes_around_it(self):
        proxy = self.proxy()
        d = self.proxied(proxy, NO_PROXY="example.com,localhost",
                         MEMORYPRO_API_URL=f"https://localhost:{self.c.port}")
        self.put(d, "green tea", "synced")
        self.assertEqual([], proxy.asked)

    def test_one_that_refuses_is_an_outage_with_its_words(self):
        proxy = self.proxy(status=407)
        d = self.proxied(proxy)
        self.put(d, "green tea", "queued")
        self.until_offline(d)
        self.assertIn("407", self.status(d)["cloud"]["last_error"])
        proxy.status = 200
        self.flush(d)
        self.assert_once(self.c, ["green tea"])


@unittest.skipUnless(has_ipv6(), "this machine has no IPv6 loopback")
class Ipv6(TlsCase):
    def test_an_address_in_the_url(self):
        for tls in (False, True):
            with self.subTest(tls=tls):
                c = self.cloud(host="[::1]", tls=tls)
                self.put(self.linked(c), "green tea", "synced")
                self.assert_once(c, ["green tea"])

    def test_a_name_is_tried_at_all_its_addresses(self):
        """localhost is ::1 or 127.0.0.1; a cloud that listens at one of them is found."""
        addresses = {found[4][0] for found in socket.getaddrinfo("localhost", None)}
        if addresses != {"::1", "127.0.0.1"}:
            self.skipTest(f"localhost is {addresses} here")
        for host in ("[::1]", "127.0.0.1"):
            with self.subTest(host):
                c = self.cloud(host=host)
                d = self.linked(c, MEMORYPRO_API_URL=f"http://localhost:{c.port}")
                self.put(d, "green tea", "synced")


if __name__ == "__main__":
    harness.main()
