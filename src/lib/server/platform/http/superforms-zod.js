// Stands in for 'sveltekit-superforms/adapters' (vite.config.ts): that index would bring every validation library along.
export { zod as zod4 } from '../../../../../node_modules/sveltekit-superforms/dist/adapters/zod4.js';
