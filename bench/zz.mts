import { measureLive } from './live.ts';
import { measureBundles } from './bundles.ts';
console.log(await measureBundles()); console.log(await measureLive());process.exit(0);
