#include "store/sqlite/text_score.hpp"

#include <memory>
#include <vector>

#include "recall/bm25.hpp"
#include "store/sqlite/fts5.hpp"

namespace memorypro::store::sqlite {
namespace {

// What is the same for every row of one query.
struct query_statistics {
    std::vector<double> idf;  // of each phrase
    double idf_sum = 0;
    double average_length = 1;
};

int count_row(const Fts5ExtensionApi*, Fts5Context*, void* count) {
    ++*static_cast<sqlite3_int64*>(count);
    return SQLITE_OK;
}

int gather(const Fts5ExtensionApi* api, Fts5Context* context, query_statistics& out) {
    sqlite3_int64 rows = 0;
    sqlite3_int64 tokens = 0;
    int code = api->xRowCount(context, &rows);
    if (code == SQLITE_OK) code = api->xColumnTotalSize(context, -1, &tokens);
    const int phrases = api->xPhraseCount(context);
    for (int i = 0; i < phrases && code == SQLITE_OK; ++i) {
        if (api->xPhraseSize(context, i) == 0) {
            out.idf.push_back(0);  // punctuation, say: nothing that a memory could hold
            continue;
        }
        sqlite3_int64 with = 0;
        code = api->xQueryPhrase(context, i, &with, count_row);
        out.idf.push_back(recall::rarity(rows, with));
        out.idf_sum += out.idf.back();
    }
    if (rows > 0 && tokens > 0)
        out.average_length = static_cast<double>(tokens) / static_cast<double>(rows);
    return code;
}

int score(const Fts5ExtensionApi* api, Fts5Context* context, double& out) {
    auto* query = static_cast<query_statistics*>(api->xGetAuxdata(context, 0));
    if (!query) {
        auto fresh = std::make_unique<query_statistics>();
        if (const int code = gather(api, context, *fresh); code != SQLITE_OK) return code;
        query = fresh.release();
        const int code = api->xSetAuxdata(
            context, query, [](void* data) { delete static_cast<query_statistics*>(data); });
        if (code != SQLITE_OK) return code;  // FTS5 has deleted it
    }

    int length = 0;
    int code = api->xColumnSize(context, -1, &length);
    double sum = 0;
    for (std::size_t i = 0; i < query->idf.size() && code == SQLITE_OK; ++i) {
        int count = 0;
        code = count_phrase(api, context, static_cast<int>(i), count);
        sum += query->idf[i] * recall::saturation(count, length, query->average_length);
    }
    out = query->idf_sum > 0 ? sum / query->idf_sum : 0;
    return code;
}

void text_score(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* result, int,
                sqlite3_value**) {
    double value = 0;
    if (const int code = score(api, context, value); code != SQLITE_OK) {
        sqlite3_result_error_code(result, code);
    } else {
        sqlite3_result_double(result, value);
    }
}

}  // namespace

void add_text_score(connection& db) {
    add_fts5_function(db, "text_score", text_score);
}

}  // namespace memorypro::store::sqlite
