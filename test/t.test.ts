import { runPool } from '/work/main/test/kit/run-pool.ts';
import { PLAIN } from '/work/main/test/kit/random-scenario.ts';
for (const r of [{count:0.5,periodUs:1e6},{count:1.5,periodUs:1e6}]) {
try { const t = runPool({...PLAIN, startRate: r}, [{arrivalUs:0,serviceUs:5},{arrivalUs:0,serviceUs:5}]); console.log(r, t.whole.starts, t.horizonUs, t.wait.maxUs);} catch(e) { console.log(r, String(e)); }
}
