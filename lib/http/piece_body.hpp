// A Beast body that collects what has come so far: unlike string_body it does not reserve what the
// client says in Content-Length.
#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/optional.hpp>
#include <cstdint>
#include <string>

namespace memorypro::http {

struct piece_body {
    using value_type = std::string;

    class reader {
    public:
        template <bool IsRequest, class Fields>
        reader(boost::beast::http::header<IsRequest, Fields>&, value_type& into) : into_(into) {}

        void init(const boost::optional<std::uint64_t>&, boost::system::error_code& failure) {
            failure = {};
        }

        template <class Buffers>
        std::size_t put(const Buffers& pieces, boost::system::error_code& failure) {
            failure = {};
            std::size_t count = 0;
            for (const auto piece : boost::beast::buffers_range_ref(pieces)) {
                into_.append(static_cast<const char*>(piece.data()), piece.size());
                count += piece.size();
            }
            return count;
        }

        void finish(boost::system::error_code& failure) { failure = {}; }

    private:
        value_type& into_;
    };
};

}  // namespace memorypro::http
