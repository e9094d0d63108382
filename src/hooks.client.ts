import { config } from 'zod';

// Otherwise zod probes for `eval`, which the content security policy blocks and browsers report.
config({ jitless: true });
