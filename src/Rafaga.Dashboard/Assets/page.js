// What every module needs of the page: its path, its texts, its language.
const root = document.documentElement;
const texts = JSON.parse(root.dataset.texts);

export const language = root.lang;
export const url = (path) => root.dataset.base + path;
export const text = (key, ...values) => texts[key].replace(/\{(\d)\}/g, (_, i) => values[i]);
export const count = (key, number) => text(number === 1 ? `${key}One` : `${key}Many`, number);
export const decimal = (number, digits = 1) =>
  number.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });

// Changes something: with the token that only our pages know.
export const post = (path, body, headers = {}) => fetch(url(path), { method: "POST", body, headers: { "X-Rafaga-Token": root.dataset.token, ...headers } });

// The one clear line of an answer that is not a success.
export async function fault(response) {
  const body = await response.json().catch(() => null);
  return body?.error ?? text("SendFailed");
}
