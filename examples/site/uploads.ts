import { _get, _post, html, json, Resource, ResponseError, redirect } from "argania";
import { multipartBody } from "argania/multipart";
import { negotiate } from "argania/negotiation";
import { FileStream } from "argania/static";
import { escapeHtml, page } from "./html-page.ts";
import { userKey } from "./session.ts";
import type { Upload, UploadStore } from "./upload-store.ts";

const TYPES = ["text/plain", "image/png", "image/jpeg", "application/pdf"];

/** What a form may be like: files only. What is over a limit is a 413, another type a 415, and no file at all a 400. */
const uploadForm = multipartBody({
  bodyLimit: 5 * 2 ** 20,
  fieldCount: 0,
  parts: { file: { types: TYPES, required: true, count: 5 } },
});

/** The resource `/members/files`: a list with a form, and each file below it. */
export function buildUploads(store: UploadStore): Resource<"/members/files"> {
  const files = new Resource("/members/files");
  const file = files.subresource("/{id:\\d+}");
  const link = ({ id }: Pick<Upload, "id">) => file.href({ id });

  files.setHandlerFor([
    // JSON for programs, such as curl, which take anything; a page for browsers, which would rather have one.
    _get.to((context) =>
      negotiate(context, {
        "application/json": () =>
          json(store.list().map(({ path: _, ...upload }) => ({ ...upload, url: link(upload) }))),
        "text/html": () => html(filesPage(store.list(), link)),
      }),
    ),
    _post.to([uploadForm], async (form, { extensions }) => {
      await store.saveAll(form, extensions.getOrThrow(userKey));
      return redirect(files.href(), 303);
    }),
  ]);

  // With ranges, conditions and an ETag. The type is only what somebody claims: as an attachment it is stored, and never
  // shown as a page of this site.
  file.setHandlerFor(
    _get.to(({ params }) => {
      const upload = store.get(Number(params.id));
      if (upload === undefined) {
        throw new ResponseError(404, "There is no such file.", { code: "UPLOAD_NOT_FOUND" });
      }
      const { path, name, type } = upload;
      return FileStream.open(path, { attachment: name, contentType: type, cacheControl: "private" });
    }),
  );

  return files;
}

function filesPage(uploads: readonly Upload[], link: (upload: Upload) => string): string {
  const items = uploads.map(
    (upload) =>
      `<li><a href="${link(upload)}">${escapeHtml(upload.name)}</a>, ${upload.bytes} bytes, from ${escapeHtml(upload.owner)}</li>`,
  );
  return page(
    "Files",
    `<h1>Files</h1>
${items.length === 0 ? "<p>There are none yet.</p>" : `<ul>${items.join("")}</ul>`}
<form method="post" action="/members/files" enctype="multipart/form-data">
<label>Text, PNG, JPEG or PDF, 5 MiB together <input type="file" name="file" accept="${TYPES.join()}" multiple required></label>
<button>Upload</button>
</form>
<p><a href="/members">Back</a></p>`,
  );
}
