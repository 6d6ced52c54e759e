// A signed delivery, and its way to a receiver. Failures throw failure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.hpp"
#include "cloud/transport.hpp"
#include "config/settings.hpp"
#include "config/url.hpp"

namespace memorypro::cli {

struct signing {
    bool memorypro = true;  // X-MemoryPro-Signature
    bool standard = true;   // webhook-id, -timestamp, -signature
    std::string id;         // of the latter
    timestamp when;
};

using header_list = std::vector<std::pair<std::string_view, std::string>>;
header_list signature_headers_of(const signing&, std::string_view secret, std::string_view body);

struct receiver_address {
    config::url_parts url;  // what is asked for, and whose certificate it has to be
    std::optional<config::url_parts> connect_to = {};  // host and port, when they are others
};

// Where a daemon with these settings listens: reached at its own address, and asked as the host of
// MEMORYPRO_WEBHOOK_URL where it speaks TLS, so that its certificate is judged as the cloud does.
receiver_address receiver_of(const config::settings&);

std::string text_of(const config::url_parts&);

// POSTs the body once. `ca_file`: authorities to trust; empty: the system's.
cloud::answer deliver(const receiver_address&, const std::string& ca_file, header_list headers,
                      std::string body, std::chrono::milliseconds timeout);

}  // namespace memorypro::cli
