use super::*;

#[test]
#[ignore = "needs dumps"]
fn try_mitdb() {
    let root = std::path::Path::new("/work/tmp/signal");
    for set in ["mitdb", "ludb"] {
        let (mut tp_all, mut fn_all, mut fp_all) = (0usize, 0usize, 0usize);
        let mut files: Vec<_> = std::fs::read_dir(root.join(set)).unwrap().map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "txt")).collect();
        files.sort();
        for file in files {
            let text = std::fs::read_to_string(&file).unwrap();
            let mut lines = text.lines();
            let head: Vec<f64> = lines.next().unwrap().split(' ').map(|v| v.parse().unwrap()).collect();
            let truth: Vec<(u64, String)> = lines.map(|l| { let (a, b) = l.split_once(' ').unwrap(); (a.parse().unwrap(), b.to_owned()) }).collect();
            let bytes = std::fs::read(file.with_extension("f32")).unwrap();
            let data: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            let leads: Vec<&[f32]> = data.chunks(head[2] as usize).collect();
            let now = std::time::Instant::now();
            let found = detect(&leads, Rate::new(head[0]).unwrap());
            let took = now.elapsed().as_secs_f64() * 1e3;
            let tol = (0.15 * head[0]) as i64;
            let (mut i, mut j, mut tp) = (0, 0, 0);
            let (mut miss, mut extra) = (Vec::new(), Vec::new());
            let (lo, hi) = if set == "ludb" { (truth[0].0 as i64 - tol, truth[truth.len()-1].0 as i64 + tol) } else { (0, i64::MAX) };
            let det: Vec<i64> = found.peaks.iter().map(|p| p.0 as i64).filter(|p| *p >= lo && *p <= hi).collect();
            while i < truth.len() || j < det.len() {
                let t = truth.get(i).map_or(i64::MAX, |t| t.0 as i64);
                let d = det.get(j).copied().unwrap_or(i64::MAX);
                if t != i64::MAX && d != i64::MAX && (t - d).abs() <= tol { tp += 1; i += 1; j += 1; }
                else if t < d { miss.push((t as f64 / head[0], truth[i].1.clone())); i += 1; }
                else { extra.push(d as f64 / head[0]); j += 1; }
            }
            tp_all += tp; fn_all += miss.len(); fp_all += extra.len();
            let noise = file.file_stem().unwrap().to_str().unwrap().contains('e');
            if noise { tp_all -= tp; fn_all -= miss.len(); fp_all -= extra.len(); }
            if !miss.is_empty() || !extra.is_empty() || set == "mitdb" {
                println!("{} {} ref {:?} tp {tp} fn {} fp {} {took:.0} ms", set, file.file_stem().unwrap().display(), found.reference_lead, miss.len(), extra.len());
                if std::env::var_os("VERBOSE").is_some() && !noise {
                    println!("   miss {:?}", miss.iter().take(12).map(|m| format!("{:.1}{}", m.0, m.1)).collect::<Vec<_>>());
                    println!("   extra {:?}", extra.iter().take(12).map(|m| format!("{m:.1}")).collect::<Vec<_>>());
                }
            }
        }
        println!("{set}: tp {tp_all} fn {fn_all} fp {fp_all} Se {:.3} +P {:.3}", 100.0 * tp_all as f64 / (tp_all + fn_all) as f64, 100.0 * tp_all as f64 / (tp_all + fp_all) as f64);
    }
}
