// How relevant a memory is: its text, weighted by how fresh and how important it is.
#pragma once

#include <chrono>

namespace memorypro::recall {

// Each 0 to 1.
struct signals {
    double text = 0;            // share of the question's information that the memory holds
    double recency = 0;         // 1 now, halved every 30 days of event time; 1 for the future
    double responsibility = 0;  // priority: low 0, medium 1/3, high 2/3, urgent 1
};

struct weights {
    bool recent = true;
    bool responsibilities = true;
};

double recency(std::chrono::microseconds age);

// 0 to 1. Recency and responsibility each move a score by at most a tenth of the text's: they break
// ties and favour fresh and important memories without burying the evidence of an old question.
double relevance(const signals&, const weights&);

}  // namespace memorypro::recall
