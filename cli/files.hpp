// The files of import and export; "-" is standard input or output. Failures throw failure.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace memorypro::cli {

class input_file {
public:
    explicit input_file(const std::string& path);
    ~input_file();
    input_file(const input_file&) = delete;
    input_file& operator=(const input_file&) = delete;

    // What is there now, waiting for the first byte; empty at the end. Valid until the next call.
    std::string_view read();

    std::optional<std::uint64_t> size() const;  // none: a pipe

private:
    std::string path_;
    int descriptor_;
    std::vector<char> buffer_;
};

// A regular file appears, or is replaced, whole at commit(): what is not committed leaves an
// earlier one as it was; what is outlives a power loss. Only its owner may read it.
class output_file {
public:
    explicit output_file(const std::string& path);
    ~output_file();
    output_file(const output_file&) = delete;
    output_file& operator=(const output_file&) = delete;

    void write(std::string_view piece);
    // `check` gets the path of what was written, and throws what is wrong with it.
    void commit(const std::function<void(const std::string& written)>& check = {});

private:
    void sync_directory() const;
    [[noreturn]] void fail() const;

    std::string path_;
    std::string temporary_;  // empty: written in place, such as a pipe
    int descriptor_;
};

}  // namespace memorypro::cli
