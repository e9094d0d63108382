export const dayMs = 24 * 60 * 60 * 1_000;
export const daySeconds = dayMs / 1_000;
