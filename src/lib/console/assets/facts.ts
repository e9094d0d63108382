import type { Asset } from '#lib/contract/assets/asset.ts';

interface Fact {
	readonly title: string;
	readonly text: string;
}

const megapixel = 1_000_000;
const megabyte = 1_000_000;

const formatSize = (bytes: number): string =>
	bytes < megabyte ? `${Math.ceil(bytes / 1_000)} kB` : `${(bytes / megabyte).toFixed(1)} MB`;

/** What the viewer shows of a photo; unknown facts are left out. */
export function listFacts(asset: Asset): Fact[] {
	const { exifInfo: exif, width, height } = asset;
	const join = (parts: readonly (string | 0 | null | undefined)[], separator = ', ') =>
		parts.filter(Boolean).join(separator);
	const taken = new Date(asset.localDateTime).toLocaleString('en-US', {
		dateStyle: 'long',
		timeStyle: 'short',
		timeZone: 'UTC'
	});
	const facts: Fact[] = [
		{ title: 'Description', text: exif?.description ?? '' },
		{ title: 'Taken', text: join([taken, exif?.timeZone], ' ') },
		{ title: 'Camera', text: join([exif?.make, exif?.model], ' ') },
		{ title: 'Lens', text: exif?.lensModel ?? '' },
		{
			title: 'Exposure',
			text: join([
				exif?.fNumber && `f/${Math.round(exif.fNumber * 10) / 10}`,
				exif?.exposureTime && `${exif.exposureTime} s`,
				exif?.focalLength && `${Math.round(exif.focalLength * 10) / 10} mm`,
				exif?.iso && `ISO ${exif.iso}`
			])
		},
		{
			title: 'Size',
			text: join([
				width && height ? `${width} × ${height}` : null,
				width && height && width * height >= megapixel ? `${Math.round((width * height) / megapixel)} MP` : null,
				exif?.fileSizeInByte ? formatSize(exif.fileSizeInByte) : null
			])
		},
		{
			title: 'Place',
			text:
				exif?.latitude != null && exif.longitude != null
					? `${exif.latitude.toFixed(5)}, ${exif.longitude.toFixed(5)}`
					: ''
		},
		{ title: 'Owner', text: asset.owner?.name ?? '' }
	];
	return facts.filter(({ text }) => text !== '');
}
