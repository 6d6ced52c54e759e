"""Insights as people meet them: the emulated cloud finds something out, memorypro shows and decides."""
import json
import subprocess

import harness
from certificates import Authority
from cloud_case import Cloud
from webhook_case import SECRET, WebhookCase, event

EVENTS = ("lifecycle_recommendations", "evolution_updates", "discovered_actions", "memory_insights")


class InsightCase(WebhookCase):
    def subscribed(self, cloud, **settings):
        """A daemon whose webhook the cloud knows; cloud_first, polling is off."""
        hooks = self.webhook_settings()
        url = f"http://{hooks['MEMORYPRO_WEBHOOK_LISTEN']}/memorypro/webhook"
        d = self.daemon(**self.account(cloud, MEMORYPRO_ENABLE_PUSH="true",
                                       MEMORYPRO_WEBHOOK_URL=url, **hooks, **settings))
        harness.until(lambda: self.push(d)["registered"], "the webhook is registered")
        return d

    def tell(self, cloud, event_type, **more):
        return cloud.control("POST", "events", {"event_type": event_type, **more}).json

    def parsed(self, daemon, *arguments, code=0):
        done = self.run_cli(daemon, *arguments, "--json")
        self.assertEqual(code, done.returncode, done)
        return json.loads(done.stdout)


class Emulated(InsightCase):
    def test_what_is_found_out_comes_by_push_and_by_poll_and_is_one(self):
        cloud = self.cloud()
        d = self.subscribed(cloud)
        memory = self.put(d, "green tea", "synced", user_id="lena")
        for event_type in EVENTS:
            delivery = self.tell(cloud, event_type)["delivery"]
            self.assertEqual((1, 200), (delivery["attempts"], delivery["status"]), delivery)
        pushed = self.insights(d, 4)
        self.assertEqual(["lifecycle_recommendation", "evolution_update", "discovered_action",
                          "memory_insights"], [one["kind"] for one in pushed])
        for one in pushed[:3]:
            self.assertIn(memory, json.dumps(one["payload"]))
        polled = cloud.call("memory/insights").json
        self.assertEqual([one["payload"] for one in pushed],
                         [polled["lifecycle_recommendations"][0], polled["evolution_updates"][0],
                          polled["discovered_actions"][0], polled["memory_insights"]])

        self.assertEqual(0, d.stop())
        d.settings["MEMORYPRO_ENABLE_POLLING"] = "true"
        d.start()
        harness.until(lambda: self.status(d)["poll"]["last_success"], "it has polled")
        self.tell(cloud, "evolution_updates", data={"updates": [{"insight": "the fifth"}]})
        self.assertEqual({"push"}, {one["source"] for one in self.insights(d, 5)})

    def test_each_event_is_about_a_memory_that_none_before_was_about(self):
        cloud = self.cloud()
        d = self.subscribed(cloud)
        self.assertEqual(422, cloud.ask("POST", "/emulator/events",
                                        {"event_type": "evolution_updates"}).status)
        ids = [self.put(d, f"memory {n}", "synced") for n in range(3)]
        told = [self.tell(cloud, "lifecycle_recommendations")["event"] for _ in range(2)]
        cloud.restart()
        told.append(self.tell(cloud, "lifecycle_recommendations")["event"])
        self.assertEqual(ids, [one["data"]["recommendations"][0]["memory_ids"][0] for one in told])

    def test_what_cannot_be_delivered_is_tried_again_and_is_there_for_who_polls(self):
        cloud = self.cloud()
        d = self.subscribed(cloud)
        d.kill()
        given = {"updates": [{"insight": "prefers tea"}]}
        delivery = self.tell(cloud, "evolution_updates", data=given)["delivery"]
        self.assertEqual(4, delivery["attempts"], delivery)
        self.assertIn("error", delivery)
        d.settings["MEMORYPRO_ENABLE_POLLING"] = "true"
        d.start()
        found = harness.until(lambda: d.get("/api/v1/insights").json["insights"], "it is polled")
        self.assertIn({"insight": "prefers tea"}, [one["payload"] for one in found])

    def test_a_schedule_sends_by_itself(self):
        cloud = Cloud()
        self.addCleanup(cloud.close)
        cloud.start("--send", "evolution_updates@0.1", "--send", "discovered_actions@0.1")
        d = self.subscribed(cloud)
        for n in range(2):
            self.put(d, f"memory {n}", "synced")
        kinds = [one["kind"] for one in self.insights(d, 4)]
        self.assertEqual({"evolution_update", "discovered_action"}, set(kinds))

    def test_an_event_without_data_that_nothing_is_known_of_is_refused(self):
        cloud = self.cloud()
        for wrong in ({"event_type": "weather"}, {"data": {}}, {"event_type": "x", "data": 1}):
            self.assertEqual(422, cloud.ask("POST", "/emulator/events", wrong).status, wrong)
        told = self.tell(cloud, "weather", data={"rain": True})
        self.assertIsNone(told["delivery"], "no webhook is registered")


class Verbs(InsightCase):
    def test_the_report_says_where_it_comes_from(self):
        local = self.daemon()
        self.store(local, "tea", tags=["drinks"], user_id="lena")
        said = self.cli(local, "insights")
        for words in ("counted on this host", "total memories", "top tags: drinks (1)"):
            self.assertIn(words, said)
        cloud = self.cloud()
        d = self.subscribed(cloud)
        self.put(d, "green tea", "synced", user_id="lena")
        for event_type in EVENTS:
            self.tell(cloud, event_type)
        self.insights(d, 4)
        said = self.cli(d, "insights")
        for words in ("the cloud, ", "Matters to lena: green tea", "archive mem_",
                      "Follow up: green tea, high"):
            self.assertIn(words, said)
        self.assertEqual("cloud", self.parsed(d, "insights")["source"])
        cloud.kill()
        said = self.cli(d, "insights")
        self.assertIn("the cloud did not answer", said)
        self.assertIs(True, self.parsed(d, "insights")["degraded"])

    def test_the_log_begins_where_it_is_told_and_shows_one_kind(self):
        d = self.receiver()
        for n in range(3):
            self.received(d, event("evolution_updates", updates=[{"insight": f"update {n}"}]))
        self.received(d, event("discovered_actions", actions=[{"title": "call Anna"}]))
        first = self.insights(d, 4)[0]["id"]
        said = self.cli(d, "insights", "--log", "--since", first)
        self.assertNotIn("update 0", said)
        for words in ("update 1", "update 2", "call Anna"):
            self.assertIn(words, said)
        said = self.cli(d, "insights", "--log", "--kind", "discovered_action")
        self.assertEqual((False, True), ("update" in said, "call Anna" in said))
        self.assertEqual(3, len(self.parsed(d, "insights", "--log", "--since", first)["insights"]))
        for wrong in (["--since", "1"], ["--log", "--kind", "x"],
                      ["--log", "--kind", "unknown", "--json"]):
            self.cli(d, "insights", *wrong, code=64)

    def test_a_recommended_deletion_waits_for_apply_or_dismiss(self):
        d = self.receiver()
        gone, kept = (self.store(d, text) for text in ("goes", "stays"))
        self.received(d, event("lifecycle_recommendations", recommendations=[
            {"action": "delete", "memory_ids": [gone], "reason": "old"},
            {"action": "delete", "memory_ids": [kept]}]))
        self.insights(d, 2)
        pending = self.parsed(d, "recommendations", "list", "--status",
                              "pending")["recommendations"]
        by_memory = {one["memory_ids"][0]: one["id"] for one in pending}
        self.assertIn(f"delete {gone}: old", self.cli(d, "recommendations", "list"))
        self.assertEqual(f"{by_memory[gone]} applied: delete {gone}: old\n",
                         self.cli(d, "recommendations", "apply", by_memory[gone]))
        self.cli(d, "recommendations", "dismiss", by_memory[kept])
        self.assertEqual([404, 200], [d.memory(one).status for one in (gone, kept)])
        self.assertIn("dismissed already",
                      self.cli(d, "recommendations", "apply", by_memory[kept], code=64))
        self.cli(d, "recommendations", "apply", "999", code=1)
        self.assertIn("none with this status",
                      self.cli(d, "recommendations", "list", "--status", "pending"))

    def test_what_the_cloud_archived_is_shown_again_when_that_is_dismissed(self):
        cloud = self.cloud()
        d = self.subscribed(cloud)  # cloud_first: there is no copy that could be changed
        memory = self.put(d, "green tea", "synced")
        self.assertEqual(404, d.memory(memory).status)
        self.tell(cloud, "lifecycle_recommendations", data={"recommendations": [
            {"action": "archive", "memory_ids": [memory]}]})
        self.insights(d, 1)
        self.assertEqual([], self.contents(d, "tea"))
        [advice] = self.parsed(d, "recommendations", "list")["recommendations"]
        self.assertEqual(f"{advice['id']} dismissed: archive {memory}\n",
                         self.cli(d, "recommendations", "dismiss", advice["id"]))
        self.assertEqual(["green tea"], self.contents(d, "tea"))
        d.kill()
        d.start()
        self.assertEqual(["green tea"], self.contents(d, "tea"))

    def test_actions_are_listed_urgent_first_and_change_their_status(self):
        d = self.receiver()
        self.received(d, event("discovered_actions", actions=[
            {"title": f"a {priority} one", "priority": priority}
            for priority in ("low", "urgent", "medium", "high")]))
        self.insights(d, 4)
        lines = self.cli(d, "actions", "list").splitlines()[1:]
        self.assertEqual(["urgent", "high", "medium", "low"], [line.split()[1] for line in lines])
        urgent = lines[0].split()[0]
        for verb, status in (("start", "in_progress"), ("done", "completed"), ("fail", "failed"),
                             ("dismiss", "cancelled"), ("reopen", "pending")):
            self.assertEqual(f"{urgent} {status}: a urgent one\n",
                             self.cli(d, "actions", verb, urgent))
            listed = self.parsed(d, "actions", "list", "--status", status)["actions"]
            self.assertIn(urgent, [one["id"] for one in listed])
        self.cli(d, "actions", "done", "999", code=1)

    def test_a_follower_reads_what_was_found_out(self):
        d = self.receiver()
        follower = subprocess.Popen(
            [harness.CLI, "events", "--follow", "--last-id", "0"], stdout=subprocess.PIPE, text=True,
            env=harness.environment(MEMORYPRO_SOCKET=d.socket, HOME=d.place))
        self.addCleanup(follower.communicate)
        self.addCleanup(follower.kill)
        memory = self.store(d, "green tea")
        self.received(d, event("lifecycle_recommendations", recommendations=[
            {"action": "archive", "memory_ids": [memory], "reason": "old"}]))
        seen = [next(line for line in follower.stdout if name in line)
                for name in ("memory.stored", "recommendation.applied")]
        self.assertTrue(seen[1].endswith(f"archive {memory}: old\n"), seen)


class Webhook(InsightCase):
    def setUp(self):
        self.d = None

    def listening(self, **settings):
        """A receiver, and its settings in a file for the command line."""
        self.d = self.receiver(**settings)
        self.file = self.d.place / "webhook.env"
        self.file.write_text("".join(f"{name}={value}\n" for name, value in self.d.settings.items()
                                     if name.startswith("MEMORYPRO_WEBHOOK")))
        return self.d

    def webhook(self, *arguments, code=0, text="", **settings):
        known = {"HOME": self.d.place, **settings}
        done = subprocess.run([harness.CLI, "webhook", *map(str, arguments)], input=text,
                              text=True, capture_output=True, env=harness.environment(**known),
                              cwd=self.d.place, timeout=harness.DEADLINE, check=False)
        self.assertEqual(code, done.returncode, (arguments, done))
        return done.stdout + done.stderr

    def test_what_sign_prints_is_taken_by_the_receiver_and_by_verify(self):
        d = self.listening()
        body = d.place / "body.json"
        body.write_bytes(event("evolution_updates", updates=[{"insight": "x"}]))
        for scheme in ("memorypro", "standard"):
            head = self.webhook("sign", body, "--config", self.file, "--scheme", scheme)
            headers = dict(line.split(": ", 1) for line in head.splitlines())
            answer = self.send(d, body.read_bytes(), signature=headers.pop(
                "X-MemoryPro-Signature", ""), **headers)
            self.assertEqual(200, answer.status, answer)
            (d.place / "head").write_text(head)
            said = self.webhook("verify", body, "--headers", "head", "--config", self.file)
            self.assertTrue(said.startswith("valid: "), said)

    def test_verify_says_why_not_and_its_exit_code_is_1(self):
        self.listening()
        head = self.webhook("sign", "--config", self.file, "--at", "2025-01-08T12:00:00Z", text="{}\n")
        (self.d.place / "head").write_text(head)
        verify = ["verify", "--headers", "head", "--config", self.file]
        self.webhook(*verify, text="{}\n")  # the one without a time is right for ever
        lines = [line for line in head.splitlines() if line.startswith("webhook-")]
        (self.d.place / "head").write_text("\n".join(lines))
        self.webhook(*verify, "--at", "2025-01-08T12:04:00Z", text="{}\n")
        self.assertIn("s old", self.webhook(*verify, text="{}\n", code=1))
        said = self.webhook(*verify, "--at", "2025-01-08T12:04:00Z", text="{}\n\n", code=1)
        self.assertIn("without its line end", said)
        (self.d.place / "other").write_text("another\n")
        said = self.webhook("verify", "--headers", "head", "--secret-file", "other",
                            "--at", "2025-01-08T12:00:00Z", text="{}\n", code=1)
        self.assertIn("webhook-signature", said)
        done = json.loads(self.webhook(*verify, "--json", text="{}\n", code=1).splitlines()[0])
        self.assertEqual((False, ["webhook-timestamp"]),
                         (done["valid"], [one["header"] for one in done["reasons"]]))

    def test_the_former_secret_verifies_and_is_named(self):
        self.listening(MEMORYPRO_WEBHOOK_SECRET_PREVIOUS="former")
        (self.d.place / "former").write_text("former\n")
        head = self.webhook("sign", "--secret-file", "former", text="{}").splitlines()[0]
        said = self.webhook("verify", "--header", head, "--config", self.file, text="{}")
        self.assertIn("MEMORYPRO_WEBHOOK_SECRET_PREVIOUS", said)

    def test_secrets_come_by_file_environment_or_standard_input_and_never_as_an_argument(self):
        self.listening()
        (self.d.place / "body").write_text("{}")
        (self.d.place / "secret").write_text(SECRET + "\n")
        heads = {self.webhook("sign", "body", "--scheme", "memorypro", *arguments, **more)
                 for arguments, more in ((["--config", self.file], {}),
                                         (["--secret-file", "secret"], {}),
                                         (["--secret-file", "-"], {"text": SECRET}),
                                         ([], {"MEMORYPRO_WEBHOOK_SECRET": SECRET}),
                                         ([], {"MEMORYPRO_WEBHOOK_SECRET_FILE":
                                               self.d.place / "secret"}))}
        self.assertEqual(1, len(heads), heads)
        self.webhook("sign", "body", "--secret", SECRET, code=64)
        self.webhook("sign", "-", "--secret-file", "-", code=64)
        self.webhook("sign", "body", "--config", "/dev/null", code=78)

    def test_send_delivers_to_the_daemon_and_prints_its_answer(self):
        d = self.listening()
        self.assertIn('answered 200: {"status":"received"}',
                      self.webhook("send", "--config", self.file))
        again = ["send", "-", "--config", self.file, "--id", "msg_1", "--json"]
        for expected in ({"status": "received"}, {"status": "received", "duplicate": True}):
            self.assertEqual(expected, json.loads(self.webhook(*again, text='{"a":1}')))
        # The test event came first, and has left nothing.
        [insight] = self.insights(d, 1)
        self.assertEqual({"a": 1}, insight["payload"])

    def test_send_tells_what_was_refused_and_who_does_not_answer(self):
        d = self.listening()
        (d.place / "other").write_text("another\n")
        said = self.webhook("send", "--config", self.file, "--secret-file", "other", code=64)
        self.assertIn("answered 401: Invalid signature", said)
        self.webhook("send", "-", "--config", self.file, text="[1]", code=64)
        url = f"http://127.0.0.1:{self.port(d)}/elsewhere"
        self.webhook("send", "--config", self.file, "--url", url, code=1)
        self.assertEqual(0, d.stop())
        self.assertIn("did not answer", self.webhook("send", "--config", self.file, code=69))

    def test_send_over_tls_asks_for_the_name_that_the_cloud_knows(self):
        folder = harness.Path(self.new_daemon().place)
        authority = Authority(folder)
        certificate, key = authority.issue(["DNS:agents.example"])
        self.listening(MEMORYPRO_WEBHOOK_TLS_CERT=certificate, MEMORYPRO_WEBHOOK_TLS_KEY=key,
                       MEMORYPRO_WEBHOOK_URL="https://agents.example/hook")
        said = self.webhook("send", "--config", self.file, "--ca", authority.certificate)
        self.assertIn("https://agents.example:", said)
        self.webhook("send", "--config", self.file, code=69)  # the system does not trust it


if __name__ == "__main__":
    harness.main()
