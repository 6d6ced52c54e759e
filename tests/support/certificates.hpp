// A certificate authority for tests, made in memory: nothing to keep in the tree, nothing expires.
//
//     const certificate_authority ca;
//     const identity server = ca.issue({.names = {"localhost"}, .addresses = {"127.0.0.1"}});
#pragma once

#include <openssl/x509.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace memorypro::test {

// PEM.
struct identity {
    std::string certificate;
    std::string key;
};

struct certificate_options {
    std::vector<std::string> names = {};      // DNS
    std::vector<std::string> addresses = {};  // IP
    std::string common_name = "Test server";
    std::chrono::seconds valid_from{-3'600};  // from now
    std::chrono::seconds valid_until{86'400};
};

class certificate_authority {
public:
    explicit certificate_authority(const std::string& name = "Test authority");

    const std::string& certificate() const { return pem_; }
    identity issue(const certificate_options&) const;

private:
    std::shared_ptr<EVP_PKEY> key_;
    std::shared_ptr<X509> certificate_;
    std::string pem_;
};

identity self_signed(const certificate_options&);

}  // namespace memorypro::test
