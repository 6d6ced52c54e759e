#include "http/listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>

#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace memorypro::http {
namespace {

namespace fs = std::filesystem;

unsigned mode_of(const std::string& path) {
    struct stat found{};
    return ::lstat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

bool accepts(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    const bool connected =
        ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(fd);
    return connected;
}

// As a daemon leaves it that was killed: the path stays, nobody accepts.
void leave_stale_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.c_str(), path.size());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
    REQUIRE(::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    ::listen(fd, 1);
    ::close(fd);
}

TEST_CASE("a Unix socket accepts under its mode, whatever the umask") {
    const test::temp_dir dir;
    const auto path = dir.file("s");
    const auto mask = ::umask(0077);
    for (const unsigned mode : {0600U, 0660U, 0666U}) {
        const auto made = listen_unix(path, mode);
        REQUIRE(made);
        CHECK(made->family() == AF_UNIX);
        CHECK(mode_of(path) == mode);
        CHECK(accepts(path));
    }
    CHECK(::umask(mask) == 0077);
}

TEST_CASE("a listener removes its path at its end, also when its descriptor was released") {
    const test::temp_dir dir;
    const auto path = dir.file("s");
    {
        const auto made = listen_unix(path, 0600);
        CHECK(fs::exists(path));
    }
    CHECK_FALSE(fs::exists(path));
    {
        auto made = listen_unix(path, 0600);
        ::close(made->release());
        auto moved = std::move(*made);
        CHECK(fs::exists(path));
    }
    CHECK_FALSE(fs::exists(path));
}

TEST_CASE("a stale socket is replaced") {
    const test::temp_dir dir;
    const auto path = dir.file("s");
    leave_stale_socket(path);
    REQUIRE(fs::exists(path));
    const auto made = listen_unix(path, 0600);
    REQUIRE(made);
    CHECK(accepts(path));
}

TEST_CASE("a socket that is served is left to its server") {
    const test::temp_dir dir;
    const auto path = dir.file("s");
    const auto first = listen_unix(path, 0600);
    const auto second = listen_unix(path, 0666);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == errc::unavailable);
    CHECK(second.error().detail.find(path) != std::string::npos);
    CHECK(mode_of(path) == 0600);
    CHECK(accepts(path));
}

TEST_CASE("a path that is not a socket is never removed") {
    const test::temp_dir dir;
    const auto path = dir.file("s");
    const auto refused = [&] {
        const auto made = listen_unix(path, 0600);
        return !made && made.error().code == errc::conflict;
    };
    SECTION("a file") {
        test::write_file(path, "precious");
        CHECK(refused());
        CHECK(test::read_file(path) == "precious");
    }
    SECTION("a directory") {
        fs::create_directory(path);
        CHECK(refused());
        CHECK(fs::is_directory(path));
    }
    SECTION("a link, even to a stale socket") {
        leave_stale_socket(dir.file("target"));
        fs::create_symlink(dir.file("target"), path);
        CHECK(refused());
        CHECK(fs::is_symlink(path));
        CHECK(fs::exists(dir.file("target")));
    }
    SECTION("a pipe") {
        REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
        CHECK(refused());
        CHECK(fs::is_fifo(path));
    }
}

TEST_CASE("a path that no Unix socket can have is an error, a missing folder throws") {
    const test::temp_dir dir;
    CHECK(listen_unix(dir.file(std::string(200, 'x')), 0600).error().code == errc::conflict);
    CHECK_THROWS_AS(listen_unix(dir.file("missing/s"), 0600), std::system_error);
}

TEST_CASE("a TCP address is listened on, and refused while another listens") {
    const auto made = listen_tcp("127.0.0.1:0");
    REQUIRE(made);
    CHECK(made->family() == AF_INET);
    sockaddr_in bound{};
    socklen_t size = sizeof bound;
    REQUIRE(::getsockname(made->descriptor(), reinterpret_cast<sockaddr*>(&bound), &size) == 0);
    const auto address = "127.0.0.1:" + std::to_string(ntohs(bound.sin_port));
    CHECK_THROWS_AS(listen_tcp(address), std::system_error);
}

TEST_CASE("the port that a listener got is known, in the form that it is asked for") {
    for (const std::string host : {"127.0.0.1", "[::1]"}) {
        const auto any = listen_tcp(host + ":0");
        REQUIRE(any);
        const auto address = address_of(*any);
        CHECK(address.starts_with(host + ":"));
        CHECK_FALSE(address.ends_with(":0"));
        CHECK_THROWS_AS(listen_tcp(address), std::system_error);  // taken: it is this one
    }
}

TEST_CASE("what is not an address and a port is an error") {
    for (const char* text : {"", "localhost", "127.0.0.1", "127.0.0.1:http", "127.0.0.1:-1",
                             "300.0.0.1:80", "[::1:80"}) {
        CAPTURE(text);
        const auto made = listen_tcp(text);
        REQUIRE_FALSE(made.has_value());
        CHECK(made.error().code == errc::conflict);
    }
}

TEST_CASE("a listening socket is adopted and its path is left to who made it") {
    const test::temp_dir dir;
    auto made = listen_unix(dir.file("s"), 0600);
    REQUIRE(made);
    {
        const auto adopted = adopt(::dup(made->descriptor()));
        REQUIRE(adopted);
        CHECK(adopted->family() == AF_UNIX);
        CHECK((::fcntl(adopted->descriptor(), F_GETFD) & FD_CLOEXEC) != 0);
    }
    CHECK(accepts(dir.file("s")));
}

TEST_CASE("a descriptor that is not a listening socket is not adopted") {
    int pipe[2];
    REQUIRE(::pipe(pipe) == 0);
    const int silent = ::socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(adopt(pipe[0]).error().code == errc::conflict);
    CHECK(adopt(silent).error().code == errc::conflict);
    CHECK(adopt(12345).error().code == errc::conflict);
    ::close(pipe[0]);
    ::close(pipe[1]);
    ::close(silent);
}

}  // namespace
}  // namespace memorypro::http
