-- The requests of wrk. Arguments: METHOD PATH HITS MISSES HIT_SHARE SEED.
-- HITS: a file of repeated requests, one a line (the path of a GET, the body of a POST).
-- MISSES: a file of bodies with the placeholder @ for a unique number, so that no cache can answer.

local requests, hits, misses = {}, {}, {}
local method, path, share, seed
local count, failed = 0, 0

local function lines(file)
  local all = {}
  for line in io.lines(file) do all[#all + 1] = line end
  return all
end

function init(args)
  method, path, share, seed = args[1], args[2], tonumber(args[5]), args[6]
  wrk.headers["Content-Type"] = method == "POST" and "application/json" or nil
  math.randomseed(tonumber(seed))
  -- Formats the requests once, because the generator shares the cores with the server.
  for _, line in ipairs(lines(args[3])) do
    hits[#hits + 1] = method == "GET" and wrk.format("GET", line) or wrk.format("POST", path, nil, line)
  end
  if share < 1 then
    for _, line in ipairs(lines(args[4])) do
      -- Twelve digits replace the placeholder, so that Content-Length is right.
      local text = wrk.format("POST", path, nil, (line:gsub("@", "000000.00000")))
      local from, to = text:find("000000.00000", 1, true)
      misses[#misses + 1] = { text:sub(1, from - 1), text:sub(to + 1) }
    end
  end
end

function request()
  count = count + 1
  if share >= 1 or (share > 0 and math.random() < share) then
    return hits[count % #hits + 1]
  end
  local miss = misses[count % #misses + 1]
  return miss[1] .. string.format("%d%03d.%05d", 100 + seed % 900, math.floor(count / 100000), count % 100000) .. miss[2]
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\nBENCH {"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "errors": %d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
