import { dayMs, daySeconds } from '#lib/contract/day.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** Formats a timestamp as the server does without the viewer's time zone: '2025-11-22 19:50 UTC'. */
export const formatUtc = (iso: string): string => {
	const text = new Date(iso).toISOString();
	// Non-breaking hyphens.
	return `${text.slice(0, 10).replaceAll('-', '\u2011')} ${text.slice(11, 16)}\u00a0UTC`;
};

/** Returns the viewer's time zone: 'Europe/Berlin'. Browser only: the server's time zone is irrelevant. */
export const viewerZone = (): string => new Intl.DateTimeFormat('en').resolvedOptions().timeZone;

/**
 * Formats a timestamp in the viewer's time zone: '22 Nov 2025, 20:50'; a line can break only before the time. Browser only.
 */
export function formatLocal(iso: string): string {
	const moment = new Date(iso);
	const date = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(moment);
	const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' }).format(moment);
	return `${date.replaceAll(' ', '\u00a0')}, ${time}`;
}

/** Formats the day of a timestamp in the viewer's time zone: '22 Nov 2025'. Browser only. */
export const formatLocalDay = (iso: string): string =>
	new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' }).format(new Date(iso));

const utcDay = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const utcMonth = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

/** Formats a calendar day, which has no time zone: '22 Nov 2025'. */
export const formatDay = (date: string): string => utcDay.format(Date.parse(date));

/** Formats the month of a day: 'November 2025'. */
export const formatMonth = (date: string): string => utcMonth.format(Date.parse(date));

/** Formats a relative time: 'yesterday', 'in 5 minutes', '3 months ago'. */
export function formatRelative(iso: string, nowMs: number): string {
	const differenceMs = new Date(iso).getTime() - nowMs;
	const distanceMs = Math.abs(differenceMs);
	if (distanceMs < minuteMs) return differenceMs <= 0 ? 'just now' : 'in less than a minute';
	if (distanceMs < hourMs) return relative.format(Math.trunc(differenceMs / minuteMs), 'minute');
	if (distanceMs < dayMs) return relative.format(Math.trunc(differenceMs / hourMs), 'hour');
	if (distanceMs < 45 * dayMs) return relative.format(Math.round(differenceMs / dayMs), 'day');
	if (distanceMs < 548 * dayMs) return relative.format(Math.round(differenceMs / (30.44 * dayMs)), 'month');
	return relative.format(Math.round(differenceMs / (365.25 * dayMs)), 'year');
}

/** Formats remaining time: '6 days 23 h', '4 min 09 s'; never negative. */
export function formatDuration(milliseconds: number): string {
	const seconds = Math.max(0, Math.floor(milliseconds / 1000));
	const days = Math.floor(seconds / daySeconds);
	const hours = Math.floor((seconds % daySeconds) / 3600);
	const minutes = Math.floor((seconds % 3600) / 60);
	if (days > 0) return `${days} ${days === 1 ? 'day' : 'days'} ${hours} h`;
	if (hours > 0) return `${hours} h ${String(minutes).padStart(2, '0')} min`;
	return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
}
