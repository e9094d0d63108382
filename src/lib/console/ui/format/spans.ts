import { formatQuantity } from './count.ts';

/** Formats a duration given in minutes: '15 minutes', '4 hours', '1 day'. */
export function spanName(minutes: string): string {
	const count = Number(minutes);
	if (count < 60) return formatQuantity(count, 'minute');
	return count < 1440 ? formatQuantity(count / 60, 'hour') : formatQuantity(count / 1440, 'day');
}
