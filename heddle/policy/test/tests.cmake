target_sources(policy_test PRIVATE ${folder}/test/small_policy.cc)
