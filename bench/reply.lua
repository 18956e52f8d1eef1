-- One reply after the other, each to the next of fifty tickets: wrk -s reply.lua URL -- COOKIE TOKEN FIRST
local cookie, token, first, at
function init(args)
  cookie, token, first, at = args[1], args[2], tonumber(args[3]), 0
end
function request()
  at = at + 1
  local number = first + at % 50
  local body = "kind=reply&anyway=1&text=We+looked+into+this,+and+the+valve+in+the+cellar+is+set+as+it+should+be+now.+" .. at
  local headers = { ["Cookie"] = cookie .. "; csrftoken=" .. token, ["X-CSRFToken"] = token,
    ["Content-Type"] = "application/x-www-form-urlencoded" }
  return wrk.format("POST", wrk.path .. number .. "/messages/", headers, body)
end
