"""Which beat features look further around than the beat. `efficientecg prepare` measures them (`models/README.md`, "Features")."""

CONTEXT = ("rr_run_onset", "rr_run_length", "rr_change_local", "early_share", "p_joint_long", "qrs_correlation_around", "rr_prior_ratio")
