"""流程分析: how often, how long and how often in vain — by step, version and period."""
