import sharp from 'sharp';
import type { Page } from 'playwright/test';
import { z } from 'zod';

const Uploaded = z.object({ id: z.string() });
const colors = ['#3d6b8f', '#8f5b3d', '#4b8f3d', '#7a3d8f', '#8f3d55', '#3d8f84', '#8f853d', '#3d4b8f'];
let made = 0;

/** Creates a picture that no other one equals: two colors, with a bright spot. */
export async function createPhoto(): Promise<Buffer> {
	const number = made++;
	const [sky, ground] = [colors[number % colors.length] ?? '', colors[(number + 3) % colors.length] ?? ''];
	const x = 60 + ((number * 97) % 480);
	const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480">
		<rect width="640" height="480" fill="${sky}"/><rect y="${280 + (number % 80)}" width="640" height="200" fill="${ground}"/>
		<circle cx="${x}" cy="${90 + (number % 60)}" r="${30 + (number % 25)}" fill="#f4e3a1"/></svg>`;
	return sharp(Buffer.from(drawing)).jpeg().toBuffer();
}

/** Uploads so many pictures as the page's user, a day apart, and returns their IDs, newest first. */
export async function uploadPhotos(page: Page, count: number, newest = '2026-06-20T12:00:00.000Z'): Promise<string[]> {
	const ids: string[] = [];
	for (let at = 0; at < count; at++) {
		const moment = new Date(Date.parse(newest) - at * 86_400_000).toISOString();
		const reply = await page.request.post('/api/assets', {
			multipart: {
				fileCreatedAt: moment,
				fileModifiedAt: moment,
				assetData: { name: `photo ${at}.jpg`, mimeType: 'image/jpeg', buffer: await createPhoto() }
			}
		});
		ids.push(Uploaded.parse(await reply.json()).id);
	}
	return ids;
}

/** Counts the pictures that have arrived. */
export const countLoaded = (page: Page): Promise<number> =>
	page
		.locator('img')
		.evaluateAll((all) => all.filter((image) => image instanceof HTMLImageElement && image.naturalWidth > 0).length);
