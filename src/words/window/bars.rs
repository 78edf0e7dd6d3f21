//! The bars: above, over the page, below, and the filters and tabs.

use super::super::sections;
use serde::Deserialize;

sections! {
    /// The bar above: opening, layout, scales, evidence, report, settings, help.
    Toolbar {
        open open_help folder folder_help path layout gain speed smaller larger fit fit_help true_size true_size_measured
        true_size_unmeasured waves waves_help waves_missing evidence evidence_help evidence_none report report_help report_none
        settings settings_help help
    }
    /// The bar of tools over the page.
    Tools {
        calipers calipers_help kind kind_help interval rate amplitude march snap snap_help magnifier magnifier_help superimpose
        superimpose_help pin pin_help tangent tangent_help go_to go_to_help no_time outside beat_before beat beat_after
        class_before class class_help class_after event_before event event_after pause begins play stop play_help play_speed
        read_first read_first_help ask ask_help
    }
    /// Filters of the page.
    Filter {
        button button_help unfiltered_preset diagnostic monitor high_pass low_pass off hertz too_fast mains mains_off mains_auto
        hums hums_not hum_failed hum_automatic no_delay banner banner_help caution band band_from band_to unfiltered
        unfiltered_hum band_hum hum_sought hum_not_sought hum_none hum_50 hum_60
    }
    /// The tabs.
    Tabs {
        empty tab close close_help tab_help new
    }
    /// The bar below.
    Status {
        opening listing analysing cancel engine no_model engine_help took fallback age_unknown sex_unknown entered no_signal
        uncalibrated unfiltered evidence
    }
}
