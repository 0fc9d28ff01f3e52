import { download } from "../src/files/download";

const [file, baseUrl, folder] = JSON.parse(process.argv[1] as string);
download(file, baseUrl, folder).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
