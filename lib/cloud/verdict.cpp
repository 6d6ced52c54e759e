#include "cloud/verdict.hpp"

#include <fmt/format.h>

namespace memorypro::cloud {
namespace {

verdict verdict_of(unsigned status) {
    if (status >= 200 && status <= 299) return verdict::done;
    if (status == 401 || status == 403) return verdict::paused;
    if (status == 408 || status == 425 || status == 429) return verdict::retry;
    if (status >= 400 && status <= 499) return verdict::refused;
    return verdict::retry;
}

// 4xx but 408 say that the cloud did not do it, 3xx that it was not even asked.
bool leaves_unknown(unsigned status) {
    return status == 408 || status >= 500 || status < 200;
}

bool is_of_a_gateway(unsigned status) {
    return status >= 502 && status <= 504;
}

judgement judge_answer(const answer& got, timestamp now) {
    judgement made{verdict_of(got.status)};
    if (made.what == verdict::done) return made;
    const auto words = words_of(got.body);
    made.detail =
        words.empty() ? std::to_string(got.status) : fmt::format("{}: {}", got.status, words);
    made.retry_after = parse_retry_after(got.retry_after, now);
    made.unknown_outcome = leaves_unknown(got.status);
    return made;
}

std::string_view phrase(no_answer::reason why) {
    switch (why) {
        case no_answer::reason::not_connected:
            return "no connection";
        case no_answer::reason::tls:
            return "no TLS session";
        case no_answer::reason::deadline:
            return "no answer in time";
        case no_answer::reason::busy:
            return "no free connection in time";
        case no_answer::reason::broken:
            return "the connection broke";
        case no_answer::reason::malformed:
            return "the answer is not HTTP";
        case no_answer::reason::too_large:
            return "the answer is too large";
        case no_answer::reason::stopped:
            break;
    }
    return "stopped";
}

judgement judge_silence(const no_answer& failure) {
    judgement made{verdict::retry, words_of(failure.detail)};
    if (made.detail.empty()) made.detail = phrase(failure.why);
    made.unknown_outcome = failure.sent;
    made.too_large = failure.answered / 100 == 2;
    const bool held_back =
        failure.why == no_answer::reason::stopped || failure.why == no_answer::reason::busy;
    made.attempted = failure.sent || !held_back;
    return made;
}

bool is_of_the_way(const no_answer& failure) {
    switch (failure.why) {
        case no_answer::reason::deadline:
            return !failure.sent;
        case no_answer::reason::malformed:
        case no_answer::reason::too_large:
            return false;
        case no_answer::reason::not_connected:
        case no_answer::reason::tls:
        case no_answer::reason::broken:
        case no_answer::reason::busy:
        case no_answer::reason::stopped:
            break;
    }
    return true;
}

}  // namespace

judgement judge(const outcome& came, timestamp now) {
    if (const auto* got = std::get_if<answer>(&came)) return judge_answer(*got, now);
    return judge_silence(std::get<no_answer>(came));
}

bool concerns_every_call(const outcome& came, const judgement& made) {
    if (const auto* failure = std::get_if<no_answer>(&came)) return is_of_the_way(*failure);
    return std::get<answer>(came).status == 401 || made.what == verdict::refused;
}

judgement as_of_the_cloud(const outcome& came, judgement made) {
    const auto* got = std::get_if<answer>(&came);
    made.what = got && !is_of_a_gateway(got->status) ? verdict::refused : verdict::retry;
    made.retry_after.reset();
    return made;
}

judgement not_promised(const answer& got) {
    judgement made{verdict::retry, fmt::format("{}: not the promised JSON", got.status)};
    made.unknown_outcome = true;
    return made;
}

}  // namespace memorypro::cloud
