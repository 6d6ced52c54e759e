// The store's memories, and what the cloud has of them: one job a call.
#include "store/sqlite/changes.hpp"
#include "store/sqlite/cloud_ids.hpp"
#include "store/sqlite/idempotency_keys.hpp"
#include "store/sqlite/sqlite_store.hpp"
#include "store/sqlite/strays.hpp"

namespace memorypro::store::sqlite {
namespace {

error not_here(connection& db, const std::string& id) {
    const auto known = find_by_either_id(db, id);
    if (!known || known->deleted) return no_such_memory();
    return {errc::not_found, "the memory is in the cloud, under " + known->cloud_id.value_or(id)};
}

}  // namespace

awaitable<result<accepted>> sqlite_store::accept_memory(new_memory given,
                                                        std::optional<idempotency> key,
                                                        std::optional<outbound> how) {
    auto work = [this, given = std::move(given), key = std::move(key),
                 how = std::move(how)](connection& db) mutable -> result<accepted> {
        if (key)
            if (auto known = answer_for_key(db, *key, clock_.now())) return *known;
        accepted answer = accept(write_side_, db, std::move(given), how);
        if (key) remember_key(db, *key, answer, clock_.now());
        return answer;
    };
    return change(effect::commits, std::move(work));
}

awaitable<result<accepted>> sqlite_store::upsert_memory(new_memory given,
                                                        std::optional<outbound> how) {
    auto work = [this, given = std::move(given),
                 how = std::move(how)](connection& db) mutable -> result<accepted> {
        return upsert(write_side_, db, std::move(given), how);
    };
    return change(effect::commits, std::move(work));
}

awaitable<result<std::vector<imported>>> sqlite_store::import_memories(
    std::vector<new_memory> given, std::optional<outbound> how) {
    auto work = [this, given = std::move(given),
                 how = std::move(how)](connection& db) mutable -> result<std::vector<imported>> {
        std::vector<imported> answers;
        answers.reserve(given.size());
        for (auto& next : given)
            answers.push_back(import_one(write_side_, db, std::move(next), how));
        return answers;
    };
    return change(effect::commits, std::move(work));
}

awaitable<result<memory>> sqlite_store::find_memory(std::string id) {
    auto work = [id = std::move(id)](connection& db) -> result<memory> {
        if (auto found = find_by_any_id(db, id)) return std::move(*found);
        return not_here(db, id);
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<memory>> sqlite_store::amend_memory(std::string id, memory_patch patch) {
    auto work = [this, id = std::move(id), patch = std::move(patch)](connection& db) {
        auto changed = amend(write_side_, db, id, patch);
        return changed ? std::move(changed) : not_here(db, id);
    };
    return change(effect::commits, std::move(work));
}

awaitable<result<cloud_copy>> sqlite_store::remove_memory(std::string id, unknown_ids unknown) {
    auto work = [this, id = std::move(id), unknown](connection& db) {
        return remove(write_side_, db, id, unknown);
    };
    return change(effect::commits, std::move(work));
}

awaitable<std::vector<known_memory>> sqlite_store::find_known(std::vector<std::string> cloud_ids) {
    auto work = [cloud_ids = std::move(cloud_ids)](connection& db) {
        std::vector<known_memory> known;
        known.reserve(cloud_ids.size());
        for (const auto& id : cloud_ids)
            known.push_back(find_known_memory(db, id));
        return known;
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<std::vector<bool>> sqlite_store::find_strays(std::vector<memory> shown) {
    auto work = [shown = std::move(shown)](connection& db) {
        std::vector<bool> strays;
        strays.reserve(shown.size());
        for (const auto& m : shown)
            strays.push_back(is_stray(db, m));
        return strays;
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<void>> sqlite_store::record_synced(std::string local_id, std::string cloud_id,
                                                    std::optional<renewal> newer) {
    auto work = [this, local_id = std::move(local_id), cloud_id = std::move(cloud_id),
                 newer = std::move(newer)](connection& db) -> result<void> {
        sqlite::record_synced(write_side_, db, local_id, cloud_id, newer);
        return {};
    };
    return change(effect::commits, std::move(work));
}

awaitable<result<void>> sqlite_store::keep_copy(new_memory given, std::string cloud_id) {
    auto work = [this, given = std::move(given),
                 cloud_id = std::move(cloud_id)](connection& db) mutable -> result<void> {
        sqlite::keep_copy(write_side_, db, std::move(given), cloud_id);
        return {};
    };
    return change(effect::derives, std::move(work));
}

awaitable<bool> sqlite_store::trim_copies(std::uint64_t most_bytes) {
    auto work = [this, most_bytes](connection& db) {
        return sqlite::trim_copies(write_side_, db, most_bytes);
    };
    return change(effect::derives, std::move(work));
}

awaitable<result<std::optional<accepted>>> sqlite_store::find_answer(idempotency key) {
    auto work = [key = std::move(key),
                 now = clock_.now()](connection& db) -> result<std::optional<accepted>> {
        auto known = answer_for_key(db, key, now);
        if (!known) return std::optional<accepted>{};
        if (!*known) return known->error();
        return std::optional(std::move(**known));
    };
    return reader_.submit(effect::reads, std::move(work));
}

awaitable<result<begun>> sqlite_store::begin_answer(idempotency key, timestamp now) {
    auto work = [key = std::move(key), now](connection& db) -> result<begun> {
        auto known = answer_for_key(db, key, now);
        if (!known) return begun{.answer = {}, .at = begin_key(db, key, now)};
        if (!*known) return known->error();
        return begun{.answer = std::move(**known), .at = now};
    };
    return change(effect::derives, std::move(work));
}

awaitable<result<void>> sqlite_store::remember_answer(idempotency key, accepted answer) {
    auto work = [this, key = std::move(key),
                 answer = std::move(answer)](connection& db) -> result<void> {
        remember_key(db, key, answer, clock_.now());
        return {};
    };
    return change(effect::commits, std::move(work));
}

}  // namespace memorypro::store::sqlite
