#include "emulator/options.hpp"

#include "support/catch.hpp"

namespace memorypro::emulator {
namespace {

options parse(std::vector<const char*> arguments) {
    arguments.insert(arguments.begin(), "memorypro-emulator");
    return parse_options(static_cast<int>(arguments.size()), arguments.data());
}

TEST_CASE("without arguments the emulator listens on loopback, without TLS or faults") {
    const options got = parse({});
    CHECK(got.text.empty());
    CHECK(got.listen == "127.0.0.1:8900");
    CHECK_FALSE(got.tls);
    CHECK_FALSE(got.durable);
    CHECK(got.data_dir.empty());
    CHECK(got.faults.empty());
}

TEST_CASE("each option of the emulator is taken, the last of a repeated one") {
    const options got = parse({"--listen=[::1]:0",
                               "--tls",
                               "--cert",
                               "c",
                               "--key",
                               "k",
                               "--cert-out",
                               "o",
                               "--api-key",
                               "a",
                               "--api-secret",
                               "s",
                               "--data-dir",
                               "x",
                               "--data-dir",
                               "d",
                               "--durable",
                               "--port-file",
                               "p",
                               "--webhook-ca",
                               "w",
                               "--log-level",
                               "warning"});
    CHECK(got.text.empty());
    CHECK(got.listen == "[::1]:0");
    CHECK(got.tls);
    CHECK((got.certificate == "c" && got.key == "k" && got.certificate_out == "o"));
    CHECK((got.api_key == "a" && got.api_secret == "s"));
    CHECK(got.data_dir == "d");
    CHECK(got.durable);
    CHECK(got.port_file == "p");
    CHECK(got.webhook_ca == "w");
    CHECK(got.log_level == spdlog::level::warn);
}

TEST_CASE("the option --tls-name repeats, and takes what can be a host") {
    const options got = parse({"--tls", "--tls-name", "cloud", "--tls-name=::1"});
    CHECK(got.text.empty());
    CHECK(got.tls_names == std::vector<std::string>{"cloud", "::1"});
    CHECK(parse({"--tls", "--tls-name", "a,DNS:b"}).exit_code == 64);
    CHECK(parse({"--tls", "--tls-name="}).exit_code == 64);
    CHECK(parse({"--tls", "--cert=c", "--key=k", "--tls-name=a"}).exit_code == 64);
}

TEST_CASE("the option --fault repeats, in its order") {
    const options got = parse({"--fault", "down:count=1", "--fault=reject:matching=a,b"});
    REQUIRE(got.faults.size() == 2);
    CHECK(got.faults[0] == fault{.what = fault::kind::down, .count = 1});
    CHECK(got.faults[1] == fault{.what = fault::kind::reject, .matching = "a,b"});
}

TEST_CASE("the option --send repeats, and says what is wrong with one") {
    const options got = parse({"--send", "memory_insights@5", "--send=evolution_updates@0.5"});
    REQUIRE(got.schedule.size() == 2);
    CHECK(got.schedule[1].event_type == "evolution_updates");
    const options wrong = parse({"--send", "weather@5"});
    CHECK(wrong.exit_code == 64);
    CHECK(wrong.text.starts_with("memorypro-emulator: --send weather@5: "));
}

TEST_CASE("a usage error of the emulator is 64 and names what is wrong") {
    const options got = parse({"--fault", "slow:retry_after=1"});
    CHECK(got.exit_code == 64);
    CHECK(got.text.starts_with("memorypro-emulator: --fault slow:retry_after=1: "));
    CHECK(parse({"--cert", "c"}).exit_code == 64);
    CHECK(parse({"stray"}).exit_code == 64);
}

}  // namespace
}  // namespace memorypro::emulator
