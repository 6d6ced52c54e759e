#include "recall/rank.hpp"

#include <algorithm>
#include <span>

#include "recall/bm25.hpp"

namespace memorypro::recall {
namespace {

// Each is explained, and measured without, in docs/recall.md.
constexpr std::size_t reach = 3;              // memories before and after that give context
constexpr double next_to = 0.6;               // what a term tells of the memory next to it
constexpr double fading = 0.7;                // and of each one further
constexpr double after_asking = 1.4;          // times that, when the one before asks
constexpr double most_without_session = 0.5;  // of a term, what context tells
constexpr double in_the_label = 0.8;          // what a term in the label tells
constexpr double least_of_name = 1.5;  // rarity of a term that is a label: it says whose words
constexpr double of_question = 0.8;    // a memory that asks tells less
constexpr double by_nearness = 1;      // what nearness adds, at most, to a text
constexpr double time_told = 0.3;      // what adds a memory that tells a time to its text

struct weighed {
    std::vector<double> terms;
    double sum = 0;
};

bool in_label(const candidate& memory, std::size_t term) {
    return (memory.traits.label_terms >> term & 1) != 0;
}

weighed weigh(const statistics& known, const std::vector<passage>& passages) {
    weighed w;
    for (const auto& holding : known.holding)
        w.terms.push_back(holding ? rarity(known.memories, *holding) : 0);
    std::uint64_t names = 0;
    for (const auto& passage : passages)
        for (const auto& memory : passage.memories)
            names |= memory.traits.label_terms;
    for (std::size_t term = 0; term < w.terms.size(); ++term) {
        if ((names >> term & 1) != 0) w.terms[term] = std::max(w.terms[term], least_of_name);
        w.sum += w.terms[term];
    }
    return w;
}

// Of each term the share that is not told yet: independent hints each take their part of it.
class untold {
public:
    explicit untold(const weighed& w) : weights_(w), left_(w.terms.size(), 1) {}

    void tell(std::size_t term, double share) { left_[term] *= 1 - share; }
    void reset() { std::ranges::fill(left_, 1); }
    double told_of(std::size_t term) const { return 1 - left_[term]; }
    // 0 to 1, of the question's information.
    double told() const {
        double sum = 0;
        for (std::size_t i = 0; i < left_.size(); ++i)
            sum += weights_.terms[i] * (1 - left_[i]);
        return weights_.sum > 0 ? sum / weights_.sum : 0;
    }

private:
    const weighed& weights_;
    std::vector<double> left_;
};

// What the text tells of the term, its label aside.
double share_of(const candidate& memory, const occurrence& one, double average_length) {
    const int count = one.count - (in_label(memory, one.term) ? 1 : 0);
    return saturation(count, memory.length, average_length);
}

std::uint64_t terms_of(const candidate& memory) {
    std::uint64_t held = memory.traits.label_terms;
    for (const auto& one : memory.occurrences)
        held |= std::uint64_t{1} << one.term;
    return held;
}

// What the memories around tell.
void tell_context(untold& context, std::span<const candidate> memories, std::size_t place,
                  double average_length) {
    const auto tell = [&](const candidate& other, double weight) {
        for (const auto& one : other.occurrences)
            context.tell(one.term, weight * share_of(other, one, average_length));
    };
    context.reset();
    double weight = next_to;
    for (std::size_t far = 1; far <= reach; ++far, weight *= fading) {
        if (far <= place) {
            const auto& before = memories[place - far];
            tell(before, far == 1 && before.traits.asks ? weight * after_asking : weight);
        }
        if (place + far < memories.size()) tell(memories[place + far], weight);
    }
}

// Without a session only what the memory does not hold itself, and no more than half of it: facts
// that stand side by side may have nothing to do with each other.
void add_context(untold& open, const untold& context, const candidate& memory, bool in_session,
                 std::size_t terms) {
    const auto held = terms_of(memory);
    for (std::size_t term = 0; term < terms; ++term) {
        const double told = context.told_of(term);
        if (in_session)
            open.tell(term, told);
        else if ((held >> term & 1) == 0)
            open.tell(term, std::min(told, most_without_session));
    }
}

double text_of(const question& asked, const signals& s, double text) {
    if (s.asking > 0) text *= of_question;
    if (!asked.periods.empty()) text *= (1 + by_nearness * s.date) / (1 + by_nearness);
    if (asked.asks_when) text *= (1 + time_told * s.time_told) / (1 + time_told);
    return text;
}

signals signals_of(const question& asked, const statistics& known, const passage& around,
                   std::size_t place, untold& open, untold& context, timestamp now) {
    const auto& memory = around.memories[place];
    signals s{.recency = recency(now - memory.time), .responsibility = memory.responsibility};
    open.reset();
    for (const auto& one : memory.occurrences)
        open.tell(one.term, share_of(memory, one, known.average_length));
    s.words = open.told();
    for (std::size_t term = 0; term < asked.terms.size(); ++term)
        if (in_label(memory, term)) open.tell(term, in_the_label);
    const double own = open.told();
    s.speaker = own - s.words;
    tell_context(context, around.memories, place, known.average_length);
    add_context(open, context, memory, around.in_session, asked.terms.size());
    const double told = open.told();
    s.context = told - own;
    s.asking = memory.traits.asks ? 1 : 0;
    s.date = nearness(asked.periods, memory.time);
    s.time_told = asked.asks_when && memory.traits.tells_time ? 1 : 0;
    s.text = text_of(asked, s, told);
    return s;
}

bool may_answer(const candidate& memory, bool in_session) {
    const bool holds_a_term = !memory.occurrences.empty() || memory.traits.label_terms != 0;
    return memory.answers && (in_session || holds_a_term);
}

bool better(const ranked& a, const ranked& b) {
    return a.score != b.score ? a.score > b.score : a.seq > b.seq;
}

}  // namespace

std::vector<ranked> rank(const question& asked, const statistics& known,
                         const std::vector<passage>& passages, const preferences& wanted) {
    const auto weights = weigh(known, passages);
    untold open(weights);
    untold context(weights);
    std::vector<ranked> found;
    for (const auto& passage : passages) {
        for (std::size_t place = 0; place < passage.memories.size(); ++place) {
            const auto& memory = passage.memories[place];
            if (!may_answer(memory, passage.in_session)) continue;
            ranked next{
                .seq = memory.seq,
                .signals = signals_of(asked, known, passage, place, open, context, wanted.now)};
            next.score = relevance(next.signals, wanted.weights);
            if (next.signals.text > 0 && next.score >= wanted.min_score) found.push_back(next);
        }
    }
    const auto shown = std::min(wanted.limit, found.size());
    std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(shown),
                      found.end(), better);
    found.resize(shown);
    return found;
}

}  // namespace memorypro::recall
