# A small decision model in base R, written from the formulae and not from our code: four states of HIV disease, two
# treatments, uncertain transition counts, relative risk and costs. Reads draws.csv, and writes means, the plane, curves
# and the value of perfect information, one "name,value" a line.
#
#     Rscript small_model.R draws.csv
draws <- read.csv(commandArgs(trailingOnly = TRUE)[1])
years <- 20
discount <- 1.06 ^ -(1:years)

lived <- function(d, combined) {
  rows <- list(c(d$n11, d$n12, d$n13, d$n14), c(0, d$n22, d$n23, d$n24), c(0, 0, d$n33, d$n34), c(0, 0, 0, 1))
  chances <- do.call(rbind, lapply(rows, function(row) row / sum(row)))
  share <- c(1, 0, 0, 0)
  cost <- 0
  life <- 0
  for (year in 1:years) {
    now <- chances
    if (combined && year <= 2) {
      now <- now * d$ratio
      diag(now) <- 0
      diag(now) <- 1 - rowSums(now)
    }
    share <- as.vector(share %*% now)
    alive <- sum(share[1:3])
    drug <- d$zidovudine + ifelse(combined && year <= 2, d$lamivudine, 0)
    cost <- cost + (sum(share[1:3] * c(d$cost1, d$cost2, d$cost3)) + drug * alive) * discount[year]
    life <- life + alive * discount[year]
  }
  c(cost, life)
}

split_draws <- split(draws, seq_len(nrow(draws)))
mono <- t(sapply(split_draws, lived, combined = FALSE))
both <- t(sapply(split_draws, lived, combined = TRUE))
say <- function(name, value) cat(sprintf("%s,%.12g\n", name, value))
say("mono.cost", mean(mono[, 1]))
say("mono.qaly", mean(mono[, 2]))
say("both.cost", mean(both[, 1]))
say("both.qaly", mean(both[, 2]))
say("icer", (mean(both[, 1]) - mean(mono[, 1])) / (mean(both[, 2]) - mean(mono[, 2])))
more <- both - mono
say("plane.northeast", mean(more[, 1] > 0 & more[, 2] > 0))
for (threshold in seq(0, 30000, 2500)) {
  worth <- cbind(threshold * mono[, 2] - mono[, 1], threshold * both[, 2] - both[, 1])
  say(sprintf("ceac.%d", threshold), mean(worth[, 2] > worth[, 1]))
  say(sprintf("evpi.%d", threshold), mean(pmax(worth[, 1], worth[, 2])) - max(colMeans(worth)))
}
