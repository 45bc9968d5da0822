-- Verifies passwords that the SQL passdb has looked up but not looked at. Runs in auth worker processes.
-- `hashes` holds one or several {SCHEME}hash with blanks between, those after webmail= or programs= for that `place`
-- only. The helper is asked where the scheme begins with POSTROOM-, which Dovecot cannot check, and whether what fits
-- none of them is a login token.

local HELPER = 'http://127.0.0.1:@helper@'
local SECRET = '@secret@'
local client

function script_init()
  return 0
end

function script_deinit()
end

local function quoted(text)
  return '"' .. text:gsub('[%c"\\]', function(c) return string.format('\\u%04x', c:byte()) end) .. '"'
end

-- The status, or nil and the reason when the helper does not answer.
local function ask(path, fields)
  local body = {}
  for name, value in pairs(fields) do
    body[#body + 1] = quoted(name) .. ':' .. quoted(value)
  end
  local done, answer = pcall(function()
    -- Not in script_init: where a client is open, the process that connects to two databases comes to grief.
    client = client or dovecot.http.client({ timeout = 5000, max_attempts = 1 })
    local request = client:request({ url = HELPER .. path, method = 'POST' })
    request:add_header('X-Postroom-Secret', SECRET)
    request:add_header('Content-Type', 'application/json')
    request:set_payload('{' .. table.concat(body, ',') .. '}')
    return request:submit():status()
  end)
  if done then
    return answer
  end
  return nil, answer
end

-- Whether the helper says yes; nil and the reason where it says neither yes nor no.
local function helper_agrees(path, fields)
  local status, problem = ask(path, fields)
  if status == 200 then
    return true
  end
  -- 400 and 413: bytes that are no text, or too many; nobody was given such a password.
  if status == 403 or status == 400 or status == 413 then
    return false
  end
  return nil, tostring(problem or status)
end

-- The scheme of the hash that the password fits, and what it is for; nil where there is none, with the reason where
-- nobody could say.
local function fitting(req, password, hashes, place)
  local problem
  for mark, scheme, hash in hashes:gmatch('(%l*)=?{([^}]*)}(%S*)') do
    local fits = false
    if mark == '' or place == 'any' or mark == place then
      if scheme:find('^POSTROOM%-') then
        fits, problem = helper_agrees('/verify', { login = req.user, password = password })
      else
        fits = req:password_verify('{' .. scheme .. '}' .. hash, password) == 1
      end
    end
    if fits then
      return scheme, mark
    end
  end
  return nil, problem
end

-- Most passwords are none: no need to ask the helper for each wrong one.
local function may_be_token(password)
  return #password >= 16 and #password <= 256 and not password:find('%s')
end

-- The mailbox's own process gets these fields, and has no use for them.
local function hidden()
  return { userdb_hashes = '', userdb_rehash_to = '', userdb_place = '', userdb_closed = '' }
end

local function accepted(row)
  local fields = hidden()
  local closed = row['closed'] or ''
  if closed ~= '' then
    fields.nologin = 'y'
    fields.reason = 'This service is ' .. closed
  end
  return dovecot.auth.PASSDB_RESULT_OK, fields
end

local function nobody_can_say(req, problem)
  req:log_error('helper: ' .. problem)
  return dovecot.auth.PASSDB_RESULT_INTERNAL_FAILURE, {}
end

local function by_token(req, row, password)
  if not may_be_token(password) then
    return dovecot.auth.PASSDB_RESULT_PASSWORD_MISMATCH, {}
  end
  local opens, problem = helper_agrees('/token', { login = req.user, service = req.service, password = password })
  if opens then
    return accepted(row)
  end
  if problem then
    return nobody_can_say(req, problem)
  end
  return dovecot.auth.PASSDB_RESULT_PASSWORD_MISMATCH, {}
end

function auth_password_verify(req, password)
  local row = req.userdb
  local scheme, mark = fitting(req, password, row['hashes'] or '', row['place'])
  if not scheme then
    local problem = mark
    if problem then
      return nobody_can_say(req, problem)
    end
    return by_token(req, row, password)
  end
  local wanted = row['rehash_to'] or ''
  if wanted ~= '' and wanted ~= scheme and mark ~= 'programs' then
    local status, problem = ask('/rehash', { login = req.user, password = password })
    if not status or status >= 300 then
      req:log_warning('helper: ' .. tostring(problem or status))
    end
  end
  return accepted(row)
end

function auth_passdb_lookup(req)
  return dovecot.auth.PASSDB_RESULT_USER_UNKNOWN, {}
end
