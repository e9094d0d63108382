const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Formats bytes to three significant digits in binary units: '1.25 GiB'. */
export function formatBytes(bytes: number): string {
	let value = bytes;
	let unit = 0;
	// 1023.5 would be rounded to '1024 MiB'.
	while (Math.abs(value) >= 1023.5 && unit < units.length - 1) {
		value /= 1024;
		unit += 1;
	}
	const digits = Math.abs(value) >= 100 || unit === 0 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
	return `${Number(value.toFixed(digits))} ${units[unit] ?? 'B'}`;
}
