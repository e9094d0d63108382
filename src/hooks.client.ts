import { config } from 'zod';

// Otherwise zod tries whether it may compile code, which the content policy forbids and browsers then report.
config({ jitless: true });
