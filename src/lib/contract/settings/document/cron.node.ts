/** The library itself: Vite's development server loads it only if it is imported by its own name. */
export { validateCronExpression } from 'cron';
