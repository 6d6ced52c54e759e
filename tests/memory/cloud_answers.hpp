// What a cloud answers to a recall, and memories that it does not have yet.
#pragma once

#include "memory/fixture.hpp"

namespace memorypro::memory {

inline cloud::answer answering(std::string memories, std::string rest = "") {
    return {200, R"({"status":"success","memories":[)" + memories + "]" + rest + "}"};
}

inline std::string hit(std::string id, double score, std::string rest = "") {
    return R"({"memory_id":")" + id + R"(","content":"tea of the cloud","relevance_score":)" +
           std::to_string(score) + rest + "}";
}

// One that waits here, stored while the cloud was away for a moment.
inline std::string waiting(service_fixture& f, std::string content) {
    f.cloud.next(cloud::answer{503});
    return f.keep(std::move(content))->id;
}

}  // namespace memorypro::memory
