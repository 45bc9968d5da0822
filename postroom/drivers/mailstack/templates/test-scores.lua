
-- Private instances only: a message says itself what score it wants.
rspamd_config:register_symbol({
  name = 'POSTROOM_TEST_SCORE',
  type = 'normal',
  callback = function(task)
    local wanted = task:get_header('X-Test-Score')
    if wanted then
      task:insert_result('POSTROOM_TEST_SCORE', tonumber(wanted) or 0)
    end
  end,
})
rspamd_config:set_metric_symbol({ name = 'POSTROOM_TEST_SCORE', score = 1.0, group = NAME })
