"""Which beat features look further around than the beat. `efficientecg prepare` measures them (`models/README.md`, "Features")."""

CONTEXT = ("rr_prev_long_ratio", "rr_local_irregularity", "p_correlation_local")
