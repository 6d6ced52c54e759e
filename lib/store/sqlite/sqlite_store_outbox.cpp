// The outbox's part of the store: written next.
#include "store/sqlite/sqlite_store.hpp"

namespace memorypro::store::sqlite {
namespace {

[[noreturn]] void not_there_yet() {
    throw std::logic_error("the store has no outbox yet");
}

}  // namespace

awaitable<std::vector<known_memory>> sqlite_store::find_known(std::vector<std::string>) {
    not_there_yet();
}
awaitable<result<void>> sqlite_store::record_synced(std::string, std::string) {
    not_there_yet();
}
awaitable<result<void>> sqlite_store::keep_copy(new_memory, std::string) {
    not_there_yet();
}
awaitable<bool> sqlite_store::trim_copies(std::uint64_t) {
    not_there_yet();
}
awaitable<result<std::optional<accepted>>> sqlite_store::find_answer(idempotency) {
    not_there_yet();
}
awaitable<result<void>> sqlite_store::remember_answer(idempotency, accepted) {
    not_there_yet();
}
awaitable<claimed_outbox> sqlite_store::claim_outbox(claim_limits) {
    not_there_yet();
}
awaitable<settled> sqlite_store::settle_outbox(std::int64_t, std::vector<settlement>, after_sync,
                                               bool) {
    not_there_yet();
}
awaitable<outbox_page> sqlite_store::list_outbox(std::optional<outbox_state>,
                                                 std::optional<std::int64_t>, std::size_t) {
    not_there_yet();
}
awaitable<result<outbox_item>> sqlite_store::find_outbox(std::int64_t) {
    not_there_yet();
}
awaitable<result<outbox_item>> sqlite_store::retry_outbox(std::int64_t) {
    not_there_yet();
}
awaitable<result<void>> sqlite_store::remove_outbox(std::int64_t) {
    not_there_yet();
}
awaitable<> sqlite_store::hasten_outbox() {
    not_there_yet();
}
awaitable<result<queued_locals>> sqlite_store::queue_locals(cloud_call, std::size_t) {
    not_there_yet();
}
awaitable<outbox_totals> sqlite_store::count_outbox() {
    not_there_yet();
}

}  // namespace memorypro::store::sqlite
