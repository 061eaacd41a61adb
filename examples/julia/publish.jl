# Publishes a small table as one Arrow stream by HTTP: julia publish.jl [GATEWAY [QUERY]]
# Without a query the two rows are the whole table; "op=append" and "op=upsert&key=city" write rows.
using Arrow, HTTP

gateway = get(ARGS, 1, "http://127.0.0.1:8080")
query = get(ARGS, 2, "")

weather = (city = ["Oslo", "Rome"], celsius = [4.5, 17.0])  # or a DataFrame
stream = IOBuffer()
Arrow.write(stream, weather; file = false)

# 200 says that it is taken, and which version shows it; a refusal is an error that ends the script.
answer = HTTP.post("$gateway/tables/weather?$query", ["Content-Type" => "application/vnd.apache.arrow.stream"], take!(stream))
println(String(answer.body))
