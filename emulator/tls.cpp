#include "emulator/tls.hpp"

#include <filesystem>

#include "emulator/certificates.hpp"
#include "emulator/files.hpp"

namespace memorypro::emulator {
namespace {

constexpr std::chrono::days valid_for{365};

// What is shown, its key, and what clients are to trust.
struct identity {
    std::string certificate;
    std::string key;
    std::string authority;
};

std::vector<std::string> names_of(const options& given) {
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    names.insert(names.end(), given.tls_names.begin(), given.tls_names.end());
    return names;
}

identity own_identity(const std::vector<std::string>& names, const std::string& data_dir) {
    const std::string certificate_path = data_dir + "/certificate.pem";
    const std::string key_path = data_dir + "/key.pem";
    const std::string authority_path = data_dir + "/authority.pem";
    if (auto authority = read_if_there(authority_path)) {  // written last
        auto kept = read_file(certificate_path);
        if (holds_for(kept, names))
            return {std::move(kept), read_file(key_path), std::move(*authority)};
    }
    std::filesystem::remove(authority_path);
    const auto issuer = make_authority();
    const auto made = make_certificate(issuer, names, system_clock().now() + valid_for);
    write_file(certificate_path, made.pem);
    write_file(key_path, made.key);
    write_file(authority_path, issuer.pem);
    return {made.pem, made.key, issuer.pem};
}

}  // namespace

http::tls_context tls_of(const options& given, const std::string& data_dir) {
    if (!given.tls) return nullptr;
    const auto shown = given.certificate.empty()
                           ? own_identity(names_of(given), data_dir)
                           : identity{read_file(given.certificate), read_file(given.key),
                                      read_file(given.certificate)};
    auto made = http::server_tls(shown.certificate, shown.key);
    if (!made) throw failed(made.error());
    if (!given.certificate_out.empty()) write_file(given.certificate_out, shown.authority);
    return std::move(*made);
}

}  // namespace memorypro::emulator
