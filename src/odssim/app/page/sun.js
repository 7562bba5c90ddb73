// Daylight between 0 and 1 from date, minute of the day and latitude (declination of the sun, no refraction).
export function daylight(start, minute, latitude) {
  const date = new Date(Date.parse(start) + minute * 6e4);
  const day = (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 0)) / 864e5;
  const tilt = -0.4093 * Math.cos((2 * Math.PI * (day + 10)) / 365);
  const hour = ((minute % 1440) / 1440) * 2 * Math.PI - Math.PI, lat = (latitude * Math.PI) / 180;
  const height = Math.asin(Math.sin(lat) * Math.sin(tilt) + Math.cos(lat) * Math.cos(tilt) * Math.cos(hour));
  return Math.min(1, Math.max(0, (height * 57.3 + 6) / 12));
}
