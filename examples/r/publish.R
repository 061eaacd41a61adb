# Publishes a small table as one Arrow stream by HTTP: Rscript publish.R [GATEWAY [QUERY]]
# Without a query the two rows are the whole table; "op=append" and "op=upsert&key=city" write rows.
library(arrow)
library(httr2)

args <- commandArgs(trailingOnly = TRUE)
gateway <- if (length(args) > 0) args[1] else "http://127.0.0.1:8080"
query <- if (length(args) > 1) args[2] else ""

weather <- data.frame(city = c("Oslo", "Rome"), celsius = c(4.5, 17))

# 200 says that it is taken, and which version shows it; a refusal is an error that ends the script.
answer <- request(paste0(gateway, "/tables/weather?", query)) |>
  req_body_raw(write_to_raw(weather, format = "stream"), type = "application/vnd.apache.arrow.stream") |>
  req_perform()
cat(resp_body_string(answer), "\n")
