import "./design/tokens.css";
import "./design/page.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { createQueryClient } from "./api/query-client";
import { App } from "./app/app";
import { Announcer } from "./components/announcer";
import { watchPolicy } from "./reports/watch-policy";

watchPolicy();

const page = document.getElementById("page");
if (page === null) throw new Error("index.html has no element with the id page.");

createRoot(page).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={createQueryClient()}>
        <Announcer>
          <App />
        </Announcer>
      </QueryClientProvider>
    </CSPProvider>
  </StrictMode>,
);
