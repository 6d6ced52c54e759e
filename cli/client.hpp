// HTTP/1.1 to the daemon over its Unix socket, blocking, one request at a time.
//
// Every call throws failure: unreachable or not_permitted when no connection is had, unreachable
// when the answer does not come in time or breaks off, else what the daemon's problem document
// says.
#pragma once

#include <boost/json/fwd.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "cli/target.hpp"

namespace memorypro::cli {

enum class method { get, post, patch, remove };

struct header {
    std::string name;
    std::string value;
};

class client {
public:
    // `timeout` is for a whole call, and for each pause within a streamed one.
    client(std::string socket, std::chrono::milliseconds timeout);
    ~client();
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    // The body of a 2xx answer. `body` is sent as JSON.
    std::string call(method, const target&, const boost::json::value* body = nullptr,
                     const std::optional<header>& extra = {});

    // Lets the next call take this much longer than the timeout.
    void allow(std::chrono::milliseconds extra);

    // POSTs what `source` gives, piece by piece, until it gives nothing.
    using chunk_source = std::function<std::string_view()>;
    std::string upload(const target&, std::string_view content_type, const chunk_source& source);

    // GETs a body of any length, handing it to `sink` as it comes, until the end or `sink` says
    // false. `sink` first gets an empty piece, when the daemon has accepted the request.
    using chunk_sink = std::function<bool(std::string_view)>;
    void download(const target&, std::string_view accept, const chunk_sink& sink,
                  const std::optional<header>& extra = {});

    // Of the answer that is, or was last, downloaded; empty: it has no such header.
    std::string downloaded_header(std::string_view name) const;

private:
    class connection;
    std::unique_ptr<connection> connection_;
};

}  // namespace memorypro::cli
