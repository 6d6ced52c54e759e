// Reads server-sent events (WHATWG HTML, "Server-sent events"), as much of it as comes at a time.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace memorypro::cli {

struct event {
    std::string id;    // of this event, or the last one given before it
    std::string name;  // "message" when the stream names none
    std::string data;
};

class event_stream {
public:
    event_stream(std::string last_id, std::function<void(const event&)> deliver)
        : deliver_(std::move(deliver)), last_id_(std::move(last_id)) {
        restart();
    }

    // Delivers every event that `piece` completes.
    void feed(std::string_view piece);

    // Where the stream begins that is about to be read: what to resume with before its first event.
    // Empty: it does not say.
    void begin_after(std::string id);

    // Forgets an unfinished event, for a new connection.
    void restart();

    const std::string& last_id() const { return last_id_; }  // to resume with

private:
    void take_line(std::string_view line);

    std::function<void(const event&)> deliver_;
    std::string last_id_;
    std::string line_;
    event pending_;
    bool has_data_ = false;
};

}  // namespace memorypro::cli
