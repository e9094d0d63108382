import type { Exif } from 'exif-reader';
import type { ExifChanges } from './asset.repository.ts';

/** What a photo's file says about itself. */
export interface FileMetadata {
	/** As it is shown, upright. */
	readonly width: number;
	readonly height: number;
	readonly exif: ExifChanges;
	/** When it was taken, and the time on the clock there, written as if it were UTC; null if unknown. */
	readonly taken: { readonly at: Date; readonly local: Date } | null;
}

const longestText = 1_000;
/** Orientations that lie on their side. */
const firstTurned = 5;

/** Reads EXIF metadata; a file may claim anything, so values of another kind are left out. */
export function readExif(
	exif: Exif | null,
	{ width, height, orientation = 1 }: { width: number; height: number; orientation?: number }
): FileMetadata {
	const { Image: image = {}, Photo: photo = {}, GPSInfo: gps = {} } = exif ?? {};
	const [shownWidth, shownHeight] = orientation >= firstTurned ? [height, width] : [width, height];
	const offset = toOffset(photo.OffsetTimeOriginal ?? photo.OffsetTime);
	const local = toDate(photo.DateTimeOriginal) ?? toDate(photo.DateTimeDigitized);
	const at = toDate(local && new Date(local.getTime() - (offset?.minutes ?? 0) * 60_000));
	const latitude = toDegrees(gps.GPSLatitude, gps.GPSLatitudeRef, 90);
	const longitude = toDegrees(gps.GPSLongitude, gps.GPSLongitudeRef, 180);
	const isPlaced = latitude !== null && longitude !== null && !(latitude === 0 && longitude === 0);
	return {
		width: shownWidth,
		height: shownHeight,
		taken: local && at && { at, local },
		exif: {
			make: toText(image.Make),
			model: toText(image.Model),
			lensModel: toText(photo.LensModel),
			exifImageWidth: width,
			exifImageHeight: height,
			orientation: String(orientation),
			dateTimeOriginal: at,
			modifyDate: toDate(image.DateTime),
			timeZone: offset?.name ?? null,
			fNumber: toNumber(photo.FNumber),
			focalLength: toNumber(photo.FocalLength),
			iso: toInteger(Array.isArray(photo.ISOSpeedRatings) ? photo.ISOSpeedRatings[0] : photo.ISOSpeedRatings),
			exposureTime: toExposure(toNumber(photo.ExposureTime)),
			latitude: isPlaced ? latitude : null,
			longitude: isPlaced ? longitude : null,
			...(toText(image.ImageDescription) !== null && { description: toText(image.ImageDescription) ?? '' })
		}
	};
}

function toText(value: unknown): string | null {
	if (typeof value !== 'string') return null;
	const text = value
		.toWellFormed()
		.replaceAll(/\p{Cc}/gu, ' ')
		.trim();
	return text === '' ? null : text.slice(0, longestText);
}

const toNumber = (value: unknown): number | null =>
	typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e9 ? value : null;

function toInteger(value: unknown): number | null {
	const number = toNumber(value);
	return number === null ? null : Math.round(number);
}

/** Only years that every client can show. */
function toDate(value: unknown): Date | null {
	if (!(value instanceof Date) || Number.isNaN(value.getTime())) return null;
	const year = value.getUTCFullYear();
	return year >= 1000 && year <= 9999 ? value : null;
}

/** Reads `+02:00`. */
function toOffset(value: unknown): { minutes: number; name: string } | null {
	const [, sign, hours = '', minutes = ''] =
		/^([+-])(\d{2}):(\d{2})/.exec(typeof value === 'string' ? value.trim() : '') ?? [];
	if (sign === undefined || Number(hours) > 14 || Number(minutes) > 59) return null;
	const total = (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
	return { minutes: total, name: `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}` };
}

/** Converts degrees, minutes and seconds. */
function toDegrees(parts: unknown, reference: unknown, limit: number): number | null {
	if (!Array.isArray(parts)) return null;
	const [degrees, minutes = 0, seconds = 0] = parts.map(toNumber);
	if (degrees == null || minutes === null || seconds === null) return null;
	const value = degrees + minutes / 60 + seconds / 3_600;
	if (value > limit) return null;
	return typeof reference === 'string' && /^[SW]/i.test(reference) ? -value : value;
}

/** Writes a time in seconds as photographers do: `1/250`. */
const toExposure = (seconds: number | null): string | null => {
	if (seconds === null || seconds <= 0) return null;
	return seconds < 1 ? `1/${Math.round(1 / seconds)}` : String(Math.round(seconds * 10) / 10);
};
