// What the cloud and queue of /api/v1/status mean to people: status, doctor and flush say the same.
#pragma once

#include <boost/json/fwd.hpp>
#include <string>
#include <vector>

namespace memorypro::cli {

// "online"; "offline, circuit open".
std::string cloud_line(const boost::json::object& cloud);

// "the cloud is offline, circuit open: connection refused"; empty when it is online.
std::string why_not_sent(const boost::json::object& status);

// What to do about refused credentials and dead letters, a sentence each; empty when all is well.
std::string credentials_advice(const boost::json::object& cloud);
std::string dead_letter_advice(const boost::json::object& queue);

}  // namespace memorypro::cli
