-- Requests for wrk, with another number in each path or host. Its arguments are given one by one after "--":
-- method, path, host, modulus, then names and values of headers, the body in hex last ("" for none).

local counter = 0
local modulus
local pathParts = {}
local hostParts = {}

local function split(template)
  local parts = {}
  local from = 1
  while true do
    local first, last = template:find("{n}", from, true)
    if not first then
      break
    end
    parts[#parts + 1] = template:sub(from, first - 1)
    from = last + 1
  end
  parts[#parts + 1] = template:sub(from)
  return parts
end

function init(args)
  wrk.method = args[1]
  pathParts = split(args[2])
  hostParts = split(args[3])
  modulus = tonumber(args[4])
  for index = 5, #args - 1, 2 do
    wrk.headers[args[index]] = args[index + 1]
  end
  if args[#args] ~= "" then
    wrk.body = args[#args]:gsub("..", function(hex)
      return string.char(tonumber(hex, 16))
    end)
  end
  if args[3] ~= "" then
    wrk.headers["Host"] = args[3]
  end
  wrk.path = args[2]
  -- Without a number in them all requests are the same: built once, they cost wrk nothing.
  if #pathParts == 1 and #hostParts == 1 then
    local same = wrk.format()
    request = function()
      return same
    end
  end
end

function request()
  counter = counter + 1
  local number = modulus > 0 and counter % modulus or counter
  if #hostParts > 1 then
    wrk.headers["Host"] = table.concat(hostParts, number)
  end
  return wrk.format(nil, table.concat(pathParts, number))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"refused":%d,"failed":%d,"late":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout
  ))
end
