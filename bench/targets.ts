/** One measured figure and the baseline from the same run. */
export interface Figure {
	readonly what: string;
	readonly measured: string;
	readonly against: string;
	readonly ratio: string;
	/** `< 50 ms` limits the measured value, `≥ 0.70` and `< 5 %` the ratio; a remark in brackets can follow. */
	readonly aim: string;
}

const target = /^(<|≤|≥|=) ([\d.]+)(?: (ms|s|kB|KiB|%|requests))?(?: \(.*\))?$/;

/** Returns whether a figure meets its target; throws if the target cannot be checked. */
export function isMet({ what, measured, ratio, aim }: Figure): boolean {
	const [, relation, limit, unit] = target.exec(aim) ?? [];
	const isRatio = unit === undefined || unit === '%';
	const [, value, valueUnit] = /^([\d.]+)(?: (.+))?$/.exec(isRatio ? ratio : measured) ?? [];
	if (relation === undefined || value === undefined || (unit !== 'requests' && valueUnit !== unit))
		throw new Error(`The aim of "${what}" cannot be checked: ${measured}, ratio ${ratio}, aim ${aim}`);
	const [is, bound] = [Number(value), Number(limit)];
	if (relation === '<') return is < bound;
	if (relation === '≤') return is <= bound;
	return relation === '≥' ? is >= bound : is === bound;
}
