// The servers under test, each with its own data in the working folder and its socket in a folder
// with a short path.
#pragma once

#include <filesystem>
#include <string>

#include "load_generator.hpp"
#include "process.hpp"
#include "workload.hpp"

namespace memorypro::bench {

// Folders that disappear with this object unless told to stay.
class workspace {
public:
    workspace(const std::filesystem::path& parent, bool keep);
    workspace(const workspace&) = delete;
    ~workspace();

    std::filesystem::path fresh(const std::string& name);  // a new folder for data
    std::filesystem::path socket(const std::string& name) const { return sockets_ / name; }
    const std::filesystem::path& root() const { return root_; }

private:
    std::filesystem::path root_;
    std::filesystem::path sockets_;
    bool keep_;
    int serial_ = 0;
};

struct server {
    child process;
    std::string socket;  // as load::socket
    framing protocol;
};

// Both return once the server answers its readiness request, and throw std::runtime_error with the
// end of its log when it ends before, or after 20 seconds.
// `settings`: the text of the daemon's file of settings.
server start_daemon(const std::filesystem::path& program, workspace&,
                    const std::string& settings = {});
server start_redis(const std::filesystem::path& program, workspace&);

// Once it answers the probe with 200; throws as above.
server await_ready(server started, const std::string& probe);

// One request outside of any measurement; throws unless it is answered as expected.
void ask_once(const server&, const std::string& request);

// The load, directed at that server unless it names a socket itself.
load at(const server&, load);

// Runs it; throws std::runtime_error when an answer was not the expected one, and adds the end of
// the server's log when the server is what ended. Main thread.
load_result drive(server&, const load&);

}  // namespace memorypro::bench
