#include "apps/heddle/pages.h"

#ifdef HEDDLE_HAS_TOY_PAGE
#include "web/toy_page.h"
#endif

namespace heddle::cli {

std::optional<std::string_view> ToyPage() {
#ifdef HEDDLE_HAS_TOY_PAGE
  return web::ToyPageTemplate();
#else
  return std::nullopt;
#endif
}

}  // namespace heddle::cli
